#include "pair.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>
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
  look_for_fastest_core();
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

void compare_growth(benchmark::State& state, std::uint64_t small, std::uint64_t large,
                    const SizedMeasurement& ours, const SizedMeasurement& baseline) {
  look_for_fastest_core();
  std::vector<double> our_costs;
  std::vector<double> base_costs;
  std::vector<double> our_growths;
  std::vector<double> base_growths;
  std::vector<double> ratios;
  bool small_first = true;
  for (auto _ : state) {
    const std::uint64_t first = small_first ? small : large;
    const std::uint64_t second = small_first ? large : small;
    std::array<Cost, 2> our{ours(first), ours(second)};
    std::array<Cost, 2> base{baseline(first), baseline(second)};
    for (const Cost& cost : {our[0], our[1], base[0], base[1]}) {
      if (cost.items == 0) return state.SkipWithError("nothing was done");
    }
    if (!small_first) {
      std::swap(our[0], our[1]);
      std::swap(base[0], base[1]);
    }
    small_first = !small_first;
    state.SetIterationTime(our[1].seconds);
    our_costs.push_back(our[1].per_item());
    base_costs.push_back(base[1].per_item());
    our_growths.push_back(our[1].per_item() / our[0].per_item());
    base_growths.push_back(base[1].per_item() / base[0].per_item());
    ratios.push_back(our_growths.back() / base_growths.back());
  }
  state.counters["ours_ns"] = 1e9 * median(our_costs);
  state.counters["baseline_ns"] = 1e9 * median(base_costs);
  state.counters["ours_growth"] = median(our_growths);
  state.counters["baseline_growth"] = median(base_growths);
  state.counters["ratio"] = median(ratios);
}

}  // namespace piccolo::bench
