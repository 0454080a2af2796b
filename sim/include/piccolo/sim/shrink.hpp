#pragma once

// From a failing seed to the little that still breaks the same invariant: few faults, few hosts, a
// short run, simple links. What comes out is a scenario that says all of it by itself, a repro, and
// so means the same after the world's code drew once more or got another host.
//
// Delta debugging over the list of faults (Zeller and Hildebrandt, "Simplifying and Isolating
// Failure-Inducing Input", 2002), then smaller parameters, a shorter run, a simpler world, and
// simpler faults, again and again until nothing changes. Of several candidates the first that
// breaks, by enough other seeds as well, is taken, however many threads tried them, so the result
// depends on the number of threads in no way; on the machine's speed it does only when the time is
// over first.

#include <atomic>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "piccolo/sim/run_result.hpp"
#include "piccolo/sim/scenario.hpp"
#include "piccolo/sim/world_description.hpp"

namespace piccolo::sim {

// The same run, with all that a scenario can say said: the faults and the core that the seed draws,
// the links between hosts and the order of tasks. Throws what the world's `build` throws.
Scenario spelled_out(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed);

// How large a failing run is.
struct ShrinkSize {
  std::size_t faults = 0;
  std::size_t hosts = 0;  // of nodes
  Duration duration{0};
  std::uint64_t events = 0;

  bool operator==(const ShrinkSize&) const = default;
};

enum class ShrinkEnd : std::uint8_t {
  smallest,  // nothing simpler that was thought of breaks
  runs_max,  // the rest: cut short
  time_budget,
  interrupted,
};

struct ShrinkProgress {
  std::string_view step;   // what is tried to be made smaller
  std::uint64_t runs = 0;  // so far
  ShrinkSize before;
  ShrinkSize now;
  Duration elapsed{0};  // real time
  Duration time_budget{0};
};

struct ShrinkOptions {
  unsigned jobs = 1;
  Duration time_budget = std::chrono::seconds(60);  // real time; zero: for ever
  std::uint64_t runs_max = 50'000;
  // Called on the calling thread, between runs. May be empty.
  std::function<void(const ShrinkProgress&)> progress;
  // Somebody sets it to end early, a signal handler perhaps. May be null.
  const std::atomic<bool>* interrupted = nullptr;
};

struct ShrinkResult {
  Scenario scenario;    // with its `repro`
  Violation violation;  // that it ends with
  ShrinkSize before;
  ShrinkSize after;
  std::uint64_t runs = 0;  // candidates that were decided about, guards included
  ShrinkEnd end = ShrinkEnd::smallest;
  Duration wall_time{0};
  // The scenario with so many other seeds, and how many of them break as well.
  unsigned others = 0;
  unsigned others_broken = 0;
};

// The same breaks when an invariant of the same name does, be it safety or liveness. Candidates of
// which the world complains break nothing. A run that takes the process with it, or does not end,
// cannot be shrunk. The error is one line: there is nothing to shrink. Throws as `run_world` does.
std::expected<ShrinkResult, std::string> shrink(const WorldDescription& world,
                                                const Scenario& scenario, std::uint64_t seed,
                                                const ShrinkOptions& options = ShrinkOptions());

// The file: a comment that tells a reader what breaks and where it comes from, and the scenario.
// `file`: how it will be called, for the command that replays it by `program`.
std::string repro_toml(const ShrinkResult& result, std::string_view world, std::string_view program,
                       std::string_view file);

// The same as a TEST_CASE of Catch2, which fails while the invariant breaks. It calls `worlds()`,
// which gives the program's worlds; to be put behind that and Catch2's header.
std::string repro_test_case(const ShrinkResult& result, std::string_view world,
                            std::string_view program);

}  // namespace piccolo::sim
