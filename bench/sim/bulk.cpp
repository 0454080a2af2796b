// CPU time per byte of a simulated stream.

#include "work/bulk.hpp"

#include "support/pair.hpp"

namespace piccolo::bench {
namespace {

void bulk(benchmark::State& state) {
  constexpr std::uint64_t bytes = std::uint64_t{1} << 30U;
  compare(
      state, [] { return cpu_cost([] { return simulated_bulk(bytes); }); },
      [] { return cpu_cost([] { return bare_bulk(bytes); }); });
  state.counters["GiB_per_s"] = 1e9 / state.counters["ours_ns"] / static_cast<double>(bytes);
}
BENCHMARK(bulk)->Iterations(3)->UseManualTime();

}  // namespace
}  // namespace piccolo::bench
