#pragma once

// Small worlds for tests of the library: what `build` says, for a second, and without faults unless
// the test asks for some.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "piccolo/sim/narrator.hpp"
#include "piccolo/sim/run_world.hpp"
#include "piccolo/sim/scenario.hpp"
#include "piccolo/sim/simulation.hpp"

namespace piccolo::test {

using sim::Simulation;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Toy {
  using Build = std::function<void(Simulation&)>;

  explicit Toy(Build build, const FaultSet& faults = FaultSet::none(),
               Duration duration = seconds(1))
      : world(description(std::move(build), faults, duration)), scenario(world) {}

  sim::RunResult run(std::uint64_t seed = 1, Narrator* story = nullptr) const {
    return sim::run_world(world, scenario, seed, story);
  }
  // The name of what was broken, or "held".
  std::string verdict(std::uint64_t seed = 1) const {
    const auto violation = run(seed).violation;
    return violation ? violation->invariant : "held";
  }
  // The run's story, line by line.
  std::vector<std::string> story(std::uint64_t seed = 1) const {
    std::vector<std::string> lines;
    Narrator narrator([&lines](std::string_view line) { lines.emplace_back(line); },
                      LogLevel::info);
    run(seed, &narrator);
    return lines;
  }

  sim::WorldDescription world;
  sim::Scenario scenario;

 private:
  static sim::WorldDescription description(Build build, const FaultSet& faults, Duration duration) {
    sim::WorldDescription of;
    of.name = "toy";
    of.build = std::move(build);
    of.faults = faults;
    of.duration = duration;
    return of;
  }
};

// What the programs of such worlds share with the invariants.
struct Ticker {
  int ticks = 0;
  Duration stopped_at{0};
};

// A tick at each tenth of a second, until it is stopped.
inline Task<void> ticks(Env& env, Ticker* ticker) {
  for (;;) {
    const auto slept = co_await env.clock.sleep_for(milliseconds(100));
    if (!slept) break;
    ++ticker->ticks;
  }
  ticker->stopped_at = env.clock.now().time_since_epoch();
}

// A world of one such program.
inline Ticker& add_ticker(Simulation& sim) {
  auto& ticker = sim.keep<Ticker>();
  sim.add_node(sim.add_host("n1"), "n1", [&ticker](Env& env) { return ticks(env, &ticker); });
  return ticker;
}

// Does nothing until it is stopped.
inline Task<void> idles(Env& env) {
  for (;;) {
    const auto slept = co_await env.clock.sleep_for(std::chrono::hours(1));
    if (!slept) co_return;
  }
}

}  // namespace piccolo::test
