// CPU time per seed on one core, from building the world to tearing it down.

#include "support/pair.hpp"
#include "work/bare.hpp"
#include "work/chatter.hpp"

namespace piccolo::bench {
namespace {

constexpr std::uint64_t nodes = 3;

void seeds(benchmark::State& state, FaultSet faults) {
  constexpr std::uint64_t count = 200;
  ChatterOptions options;
  options.faults = faults;
  Campaign sum;
  compare(
      state,
      [&] {
        return cpu_cost([&] {
          const Campaign part = chatter(count, options);
          sum.events += part.events;
          sum.seeds += part.seeds;
          return part.seeds;
        });
      },
      [&] { return cpu_cost([&] { return bare_chatter(nodes, count); }); });
  state.counters["events_per_seed"] =
      static_cast<double>(sum.events) / static_cast<double>(sum.seeds);
}
BENCHMARK_CAPTURE(seeds, no_fault, FaultSet::none())->Iterations(7)->UseManualTime();
BENCHMARK_CAPTURE(seeds, every_fault, FaultSet::all())->Iterations(7)->UseManualTime();

// What a campaign of the default world costs: no baseline, as its seeds differ widely.
void clusters(benchmark::State& state, FaultSet faults) {
  Campaign sum;
  for (auto _ : state) {
    const Campaign part = drawn_clusters(100, static_cast<std::uint64_t>(state.range(0)), faults);
    sum.events += part.events;
    sum.seeds += part.seeds;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(sum.seeds));
  state.counters["events_per_seed"] =
      static_cast<double>(sum.events) / static_cast<double>(sum.seeds);
  state.counters["cpu_per_event"] = benchmark::Counter(
      static_cast<double>(sum.events), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(clusters, no_fault, FaultSet::none())->Arg(3)->Arg(5);
BENCHMARK_CAPTURE(clusters, every_fault, FaultSet::all())->Arg(3)->Arg(5);

}  // namespace
}  // namespace piccolo::bench
