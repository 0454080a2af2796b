#pragma once

// The worlds that every case runs in. A case is a function of the backend, written once:
//
//   CONFORMANCE("a read at the end of the stream gives 0") {
//     run(backend, [](Env& env) { return reads_the_end(env); });
//   }
//
// and becomes three tests: "sim: ..."; "real: ...", over this machine's loopback; and "netns: ...",
// over the loopback of a network namespace of its own. The programs are coroutines over `Env`
// alone. What takes two machines and a network that can break is in network.hpp.

#include <cstdint>
#include <functional>
#include <vector>

#include "catch.hpp"
#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo::conformance {

enum class Backend : std::uint8_t { sim, real, netns };

using Program = std::function<Task<void>(Env&)>;

// False on machines where one needs privileges that we lack; then it has said so.
bool namespaces_permitted();

// Runs the program to its end: over the machine's loopback, or in several simulated worlds, whose
// schedules differ. Fails the test when the program throws, or hangs: in ten seconds of real time,
// in ten minutes of virtual time. The program is built anew for each world.
void run(Backend backend, const Program& program);

// Two programs at a time, on one machine; in the simulator, then, on two machines as well. Each
// call of `make` gives a fresh pair: what the two share lives in it.
struct TwoPrograms {
  Program server;
  Program client;
};
// `address` is the server's, as its clients reach it.
void run_two(Backend backend, const std::function<TwoPrograms(const Address& address)>& make);

}  // namespace piccolo::conformance

#define PICCOLO_CONFORMANCE_CASE(function, name)                                \
  static void function(piccolo::conformance::Backend backend);                  \
  TEST_CASE("sim: " name) { function(piccolo::conformance::Backend::sim); }     \
  TEST_CASE("real: " name) { function(piccolo::conformance::Backend::real); }   \
  TEST_CASE("netns: " name) { function(piccolo::conformance::Backend::netns); } \
  static void function([[maybe_unused]] piccolo::conformance::Backend backend)
#define PICCOLO_CONFORMANCE_NAME(line) conformance_case_at_line_##line
#define PICCOLO_CONFORMANCE_AT(line, name) \
  PICCOLO_CONFORMANCE_CASE(PICCOLO_CONFORMANCE_NAME(line), name)
#define CONFORMANCE(name) PICCOLO_CONFORMANCE_AT(__LINE__, name)
