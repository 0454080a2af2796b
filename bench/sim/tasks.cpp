// CPU time per timer that fires, per yield, and of an hour in which nothing happens.

#include "work/tasks.hpp"

#include "support/pair.hpp"
#include "work/bare.hpp"

namespace piccolo::bench {
namespace {

constexpr std::uint64_t times = 1'000'000;

void timers(benchmark::State& state) {
  const auto fibers = static_cast<std::uint64_t>(state.range(0));
  compare(
      state, [&] { return cpu_cost([&] { return simulated_timers(fibers, times); }); },
      [&] { return cpu_cost([&] { return bare_timers(fibers, times); }); });
}
BENCHMARK(timers)->Arg(1)->Arg(64)->Iterations(7)->UseManualTime();

void yields(benchmark::State& state) {
  const auto fibers = static_cast<std::uint64_t>(state.range(0));
  compare(
      state, [&] { return cpu_cost([&] { return simulated_yields(fibers, times); }); },
      [&] { return cpu_cost([&] { return bare_yields(fibers, times); }); });
}
BENCHMARK(yields)->Arg(1)->Arg(64)->Iterations(7)->UseManualTime();

void idle(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(idle_hour());
}
BENCHMARK(idle)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace piccolo::bench
