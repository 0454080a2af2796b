#include "mischief.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "piccolo/core/assert.hpp"
#include "piccolo/sim/simulation.hpp"

namespace piccolo::campaign_test {
namespace {

struct State {
  bool broken = false;
  std::uint64_t slept = 0;
};

volatile bool never = false;
int* volatile null = nullptr;

void throw_unless_never() {
  if (!never) throw std::runtime_error("the last straw");
}

void throw_nothing() noexcept { throw_unless_never(); }

// The sanitizer's own check would come before the signal.
__attribute__((no_sanitize("undefined"))) void dereference_null() { *null = 1; }

void dawdle() {
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(600)) {
  }
}

void write_and_crash() {
  for (int line = 0; line < 10'000; ++line) std::fprintf(stderr, "line %d of many\n", line);
  std::fprintf(stderr, "and this is why\n");
  std::abort();
}

void commit(Deed deed, State& state) {
  switch (deed) {
    case Deed::break_invariant:
      state.broken = true;
      return;
    case Deed::fail_assertion:
      PICCOLO_ASSERT(never, "the node was asked to fail");
      return;
    case Deed::dereference_null:
      return dereference_null();
    case Deed::call_exit:
      std::exit(3);
    case Deed::close_descriptors:
      for (int descriptor = 0; descriptor < 256; ++descriptor) close(descriptor);
      return;
    case Deed::terminate:
      return throw_nothing();
    case Deed::loop:
      while (!never) {
      }
      return;
    case Deed::write_and_crash:
      return write_and_crash();
    case Deed::dawdle:
      return dawdle();
    case Deed::nothing:
    case Deed::throw_in_build:
      return;
  }
}

Task<void> node(Env& env, Deed deed, State* state) {
  Draws draws = env.random.stream("test.naps");
  const std::uint64_t naps = draws.between(1, 5);
  for (std::uint64_t nap = 0; nap < naps; ++nap) {
    const Duration length = draws.between(Duration(1), Duration(1'000'000));
    const auto slept = co_await env.clock.sleep_for(length);
    if (!slept) co_return;
    ++state->slept;
  }
  commit(deed, *state);
}

void build(sim::Simulation& sim, Deed deed) {
  auto& state = sim.keep<State>();
  const HostId host = sim.add_host("h");
  if (deed == Deed::throw_in_build) throw std::invalid_argument("this world cannot be built");
  sim.add_node(host, "n", [deed, &state](Env& env) { return node(env, deed, &state); });
  sim.always(
      "unbroken", [&state] { return !state.broken; },
      [&state] { return "broken after " + std::to_string(state.slept) + " naps"; });
  sim.sometimes("slept five times", [&state] { return state.slept == 5; });
  sim.counter("naps", [&state] { return state.slept; });
}

sim::WorldDescription tiny_world(std::function<void(sim::Simulation&)> of) {
  sim::WorldDescription world;
  world.name = "mischief";
  world.about = "for tests";
  world.build = std::move(of);
  world.duration = std::chrono::milliseconds(10);
  world.faults = FaultSet();
  return world;
}

}  // namespace

sim::WorldDescription mischief(Deeds deeds) {
  return tiny_world(
      [deeds = std::move(deeds)](sim::Simulation& sim) { build(sim, deeds(sim.world().seed())); });
}

Deeds on_every(std::uint64_t every, Deed deed) {
  return [every, deed](std::uint64_t seed) { return seed % every == 0 ? deed : Deed::nothing; };
}

sim::WorldDescription forgetful_world() {
  return tiny_world([](sim::Simulation& sim) {
    static std::int64_t builds = 0;
    build(sim, Deed::nothing);
    ++builds;
    sim.world().at(TimePoint(std::chrono::milliseconds(5) + Duration(builds)), [] {});
  });
}

sim::WorldDescription miscounting_world() {
  return tiny_world([](sim::Simulation& sim) {
    static std::uint64_t builds = 0;
    build(sim, Deed::nothing);
    ++builds;
    sim.counter("builds", [] { return builds; });
  });
}

sim::CampaignResult run(const sim::WorldDescription& world, const sim::CampaignOptions& options) {
  return sim::run_campaign(world, sim::Scenario(world), options);
}

sim::CampaignOptions options_for(std::uint64_t last, unsigned jobs, bool isolate) {
  sim::CampaignOptions options;
  options.seeds = {1, last};
  options.jobs = jobs;
  options.isolate = isolate;
  return options;
}

}  // namespace piccolo::campaign_test
