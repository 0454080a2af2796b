#pragma once

// Two machines and a wire between them that can break, in two worlds: simulated, and over this
// machine's kernel, where each is a network namespace and the wire is a Relay. The programs are the
// same. They run on two threads in the latter, so they share nothing but the wire.

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"
#include "piccolo/net_sim/link_model.hpp"

namespace piccolo::netns {

enum class Place : std::uint8_t { a, b };
constexpr Place other(Place place) { return place == Place::a ? Place::b : Place::a; }

// What both kernels are told before anything runs. The names are Linux's, net.ipv4.tcp_*.
struct KernelOptions {
  std::uint32_t syn_retries = 6;
  std::uint32_t synack_retries = 5;
  std::uint32_t retries2 = 15;
  std::uint32_t buffer_bytes = 64 * 1024;  // of each stream, each way, more or less
  // net.ipv4.ip_local_port_range
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

class Wire;
// What runs on a machine: built on its thread, and, in the simulator, for each schedule anew.
using Role = std::function<Task<void>(Env&, Wire*)>;

// What the programs may do to the machines and to what joins them. From any thread.
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
  virtual void power_on(Place place, const Role& program) = 0;

  // How many packets the machine has put onto the wire so far, lost ones included.
  virtual std::uint64_t packets(Place from) = 0;

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

// The two programs run to their ends, each on its machine. Throw what they throw, or when they
// hang. The seed decides what befalls packets, and in the simulator everything.
void run_in_simulator(const Setup& setup, const Role& at_a, const Role& at_b, std::uint64_t seed);
void run_in_namespaces(const Setup& setup, const Role& at_a, const Role& at_b, std::uint64_t seed);

}  // namespace piccolo::netns
