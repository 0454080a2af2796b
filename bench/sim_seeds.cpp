// Seeds per second on one core: whole clusters, from building the world to tearing it down.

#include <benchmark/benchmark.h>

#include "piccolo/sim/cluster.hpp"

namespace piccolo {
namespace {

void seeds(benchmark::State& state, FaultSet faults) {
  ClusterOptions world;
  world.nodes = static_cast<std::uint32_t>(state.range(0));
  world.faults = faults;
  std::uint64_t seed = 0;
  std::uint64_t events = 0;
  for (auto _ : state) events += run_cluster(world, ++seed, nullptr).counts.events;
  state.SetItemsProcessed(static_cast<std::int64_t>(seed));
  state.counters["events_per_seed"] = static_cast<double>(events) / static_cast<double>(seed);
  state.counters["cpu_per_event"] = benchmark::Counter(
      static_cast<double>(events), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(seeds, every_fault, FaultSet::all())->Arg(3)->Arg(5)->MinTime(2);
BENCHMARK_CAPTURE(seeds, no_fault, FaultSet::none())->Arg(3)->Arg(5)->MinTime(2);

}  // namespace
}  // namespace piccolo
