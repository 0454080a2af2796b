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

#include <mutex>

#include "catch.hpp"
#include "wire.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {

using netns::address_of;
using netns::Place;
using netns::reached;
using netns::Role;
using netns::Setup;
using netns::Wire;

// Where servers listen, if nothing else is said.
inline constexpr std::uint16_t service = 7000;
inline Endpoint service_at(Place place) { return Endpoint(address_of(place), service); }

// The two programs run to their ends, each on its machine; in the simulator, in several schedules.
void play(Backend backend, const Setup& setup, const Role& at_a, const Role& at_b);

// ---- roles and parts of them ----

Task<void> nobody(Env& env, Wire* wire);
// `wait_for_call` listens on the service's port, announces 1, and accepts one stream; `call`, on
// the other machine, awaits that and connects to it: from a to b.
Task<Stream> wait_for_call(Env& env, Wire* wire);
Task<Stream> call(Env& env, Wire* wire);

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
