// CPU time with what is always on, over that without it: the trace's hash and ring, which a second
// build of the simulated network leaves out, and Piccolo's own invariants.

#include "support/child.hpp"
#include "support/pair.hpp"
#include "work/chatter.hpp"

namespace piccolo::bench {
namespace {

// The work as budget/main.cpp knows it.
void always_on(benchmark::State& state, const std::string& without, const std::string& work,
               const std::string& count) {
  compare(
      state, [&] { return child_cost("budget_work", {work, count}); },
      [&] { return child_cost(without, {work, count}); });
}
#define ALWAYS_ON(part, work, count)                                                       \
  BENCHMARK_CAPTURE(always_on, part##_##work, "budget_work_without_" #part, #work, #count) \
      ->Iterations(15)                                                                     \
      ->UseManualTime()
ALWAYS_ON(hash, echo_1, 400000);
ALWAYS_ON(hash, seed, 1000);
ALWAYS_ON(hash, seed_with_faults, 400);
ALWAYS_ON(ring, echo_1, 400000);
ALWAYS_ON(ring, seed, 1000);
ALWAYS_ON(ring, seed_with_faults, 400);

void always_on_invariants(benchmark::State& state, FaultSet faults) {
  constexpr std::uint64_t seeds = 500;
  ChatterOptions with;
  with.faults = faults;
  ChatterOptions without = with;
  without.invariants = false;
  compare(
      state, [&] { return cpu_cost([&] { return chatter(seeds, with).seeds; }); },
      [&] { return cpu_cost([&] { return chatter(seeds, without).seeds; }); });
}
BENCHMARK_CAPTURE(always_on_invariants, seed, FaultSet::none())->Iterations(15)->UseManualTime();
BENCHMARK_CAPTURE(always_on_invariants, seed_with_faults, FaultSet::all())
    ->Iterations(15)
    ->UseManualTime();

}  // namespace
}  // namespace piccolo::bench
