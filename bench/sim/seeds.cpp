// Seeds per second on one core: whole clusters, from building the world to tearing it down.

#include <benchmark/benchmark.h>

#include <string>

#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/run_world.hpp"

namespace piccolo::sim {
namespace {

void seeds(benchmark::State& state, FaultSet faults) {
  const WorldDescription world = cluster_world();
  Scenario scenario(world);
  scenario.faults = faults;
  if (!scenario.parameters.set("nodes", std::to_string(state.range(0)))) {
    return state.SkipWithError("no cluster has that many nodes");
  }
  std::uint64_t seed = 0;
  std::uint64_t events = 0;
  for (auto _ : state) events += run_world(world, scenario, ++seed).totals.events;
  state.SetItemsProcessed(static_cast<std::int64_t>(seed));
  state.counters["events_per_seed"] = static_cast<double>(events) / static_cast<double>(seed);
  state.counters["cpu_per_event"] = benchmark::Counter(
      static_cast<double>(events), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(seeds, every_fault, FaultSet::all())->Arg(3)->Arg(5)->MinTime(2);
BENCHMARK_CAPTURE(seeds, no_fault, FaultSet::none())->Arg(3)->Arg(5)->MinTime(2);

}  // namespace
}  // namespace piccolo::sim
