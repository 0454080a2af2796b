#include "pair.hpp"

#include <algorithm>
#include <ctime>
#include <vector>

namespace piccolo::bench {
namespace {

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

double thread_cpu_seconds() noexcept {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void compare(benchmark::State& state, const Measurement& ours, const Measurement& baseline,
             Ratio ratio) {
  std::vector<double> our_costs;
  std::vector<double> base_costs;
  std::vector<double> ratios;
  bool ours_first = true;
  for (auto _ : state) {
    Cost base = ours_first ? Cost{} : baseline();
    const Cost our = ours();
    if (ours_first) base = baseline();
    ours_first = !ours_first;
    if (our.items == 0 || base.items == 0) return state.SkipWithError("nothing was done");
    state.SetIterationTime(our.seconds);
    our_costs.push_back(our.per_item());
    base_costs.push_back(base.per_item());
    const double cost_ratio = our.per_item() / base.per_item();
    ratios.push_back(ratio == Ratio::cost ? cost_ratio : 1 / cost_ratio);
  }
  state.counters["ours_ns"] = 1e9 * median(our_costs);
  state.counters["baseline_ns"] = 1e9 * median(base_costs);
  state.counters["ratio"] = median(ratios);
}

}  // namespace piccolo::bench
