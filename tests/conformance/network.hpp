#pragma once

// Cases for two machines and a wire that can break. Each is written once and becomes two tests:
//
//   NETWORK_CASE("a connection to a machine that is cut off is timed_out") {
//     play(backend, Setup(), calls_in_vain, nobody);
//   }
//
// "sim: ..." runs it in the simulator; "netns: ..." runs it over this machine's kernel, one
// network namespace for each of the two, joined by a relay that moves their packets by the
// simulator's own LinkModel. A loopback cannot break, so there is no "real: ..." of these.
//
// The two programs run on two threads in the latter. So they share nothing but the wire, and check
// with CHECK_HERE, since Catch2 is not thread-safe. No `co_await` inside of it, either.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

#include "catch.hpp"
#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"
#include "piccolo/net_sim/link_model.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {

enum class Place : std::uint8_t { a, b };
constexpr Place other(Place place) { return place == Place::a ? Place::b : Place::a; }

// What both kernels are told before anything runs. The names are Linux's, net.ipv4.tcp_*.
struct KernelOptions {
  std::uint32_t syn_retries = 6;
  std::uint32_t synack_retries = 5;
  std::uint32_t retries2 = 15;
  std::uint32_t buffer_bytes = 64 * 1024;  // of each stream, each way, more or less
  // net.ipv4.ip_local_port_range; the simulator's is fixed.
  std::uint16_t first_local_port = 32768;
  std::uint16_t last_local_port = 60999;
};

struct Setup {
  Setup() noexcept = default;
  explicit Setup(Duration one_way) { link.latency.base = one_way; }
  LinkOptions link = LatencyModel{LatencyModel::Shape::constant, std::chrono::milliseconds(1),
                                  Duration(0)};  // both ways
  KernelOptions kernel;
};

// What the programs may do to the machines and to what joins them. From any thread.
class Wire;
using Role = Task<void> (*)(Env&, Wire*);

class Wire {
 public:
  virtual ~Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // What `from` sends is lost, packets under way included, until it is mended as often. Exactly
  // what is written between the two calls: neither needs time to come into effect.
  virtual void cut(Place from) = 0;
  virtual void mend(Place from) = 0;
  virtual void set_link(Place from, const LinkOptions& options) = 0;
  // Silence: not one packet says that the machine is gone. Its programs get nowhere from then on:
  // in the simulator they are destroyed, else canceled; so they should be waiting for something.
  virtual void power_off(Place place) = 0;
  // A machine of the same address that knows nothing, with one program.
  virtual void power_on(Place place, Role program) = 0;

  // "on time", or how far off the measured time is from the time by the rules. The simulator is
  // exact. Real timers count in ticks of up to 10 ms, of which one is under way already; and the
  // further off they are, the coarser (an eighth), and threads are kept waiting by others.
  std::string timing(Duration measured, Duration by_the_rules) const;

  // How one program tells the other how far it is: `reached` waits for `announce`.
  void announce(int step) noexcept { step_ = step; }
  int announced() const noexcept { return step_; }
  // A number for the other program.
  void note(std::uint64_t number) noexcept { noted_ = number; }
  std::uint64_t noted() const noexcept { return noted_; }

 protected:
  struct Tolerance {
    Duration early{0};
    Duration late{0};
  };
  Wire() = default;
  virtual Tolerance tolerance(Duration by_the_rules) const = 0;

 private:
  std::atomic<int> step_ = 0;
  std::atomic<std::uint64_t> noted_ = 0;
};

Task<void> reached(Env& env, Wire* wire, int step);

Address address_of(Place place, Address::Family family = Address::Family::v4);
// Where servers listen, if nothing else is said.
inline constexpr std::uint16_t service = 7000;
inline Endpoint service_at(Place place) { return Endpoint(address_of(place), service); }

// The two programs run to their ends, each on its machine; in the simulator, in several schedules.
void play(Backend backend, const Setup& setup, Role at_a, Role at_b);

// ---- roles and parts of them ----

Task<void> nobody(Env& env, Wire* wire);
// `wait_for_call` listens on the service's port, announces 1, and accepts one stream; `call`, on
// the other machine, awaits that and connects to it: from a to b.
Task<Stream> wait_for_call(Env& env, Wire* wire);
Task<Stream> call(Env& env, Wire* wire);

void play_in_simulator(const Setup& setup, Role at_a, Role at_b);
void play_in_namespaces(const Setup& setup, Role at_a, Role at_b);

inline std::mutex& check_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace piccolo::conformance

#define CHECK_HERE(...)                                                     \
  do {                                                                      \
    const std::lock_guard check_lock_(piccolo::conformance::check_mutex()); \
    CHECK(__VA_ARGS__);                                                     \
  } while (false)

#define PICCOLO_NETWORK_CASE(function, name, sim_tags)                                \
  static void function(piccolo::conformance::Backend backend);                        \
  TEST_CASE("sim: " name, sim_tags) { function(piccolo::conformance::Backend::sim); } \
  TEST_CASE("netns: " name) { function(piccolo::conformance::Backend::netns); }       \
  static void function([[maybe_unused]] piccolo::conformance::Backend backend)
#define PICCOLO_NETWORK_CASE_AT(line, name, sim_tags) \
  PICCOLO_NETWORK_CASE(PICCOLO_CONFORMANCE_NAME(line), name, sim_tags)
#define NETWORK_CASE(name) PICCOLO_NETWORK_CASE_AT(__LINE__, name, "")
// The kernel does so, the simulator does not yet: its test fails the day that it does.
#define NETWORK_CASE_NOT_YET_SIMULATED(name) \
  PICCOLO_NETWORK_CASE_AT(__LINE__, name, "[!shouldfail]")
