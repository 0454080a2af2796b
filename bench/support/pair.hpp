#pragma once

// Pairs: what is measured and its baseline, in turns in one process, so that whatever else the
// machine does hits both. What is reported are medians, and the ratio is the median of the ratios
// of each turn.

#include <benchmark/benchmark.h>

#include <concepts>
#include <cstdint>
#include <functional>

#include "core.hpp"

namespace piccolo::bench {

// What some items took.
struct Cost {
  double seconds = 0;
  std::uint64_t items = 0;

  double per_item() const noexcept { return seconds / static_cast<double>(items); }
};

// Of the thread that calls, in seconds.
double thread_cpu_seconds() noexcept;

// CPU time of `work` on the fastest core. It gives the number of items that it did.
template <std::invocable Work>
Cost cpu_cost(Work work) {
  const OnCore here(fastest_core());
  const double before = thread_cpu_seconds();
  const std::uint64_t items = work();
  return Cost{thread_cpu_seconds() - before, items};
}

enum class Ratio : std::uint8_t {
  cost,  // of time per item: 2 is twice as slow as the baseline
  rate,  // of items per time: 0.5 is twice as slow as the baseline
};

using Measurement = std::function<Cost()>;

// Measures each once per iteration of `state`, and each first every other time. Counters:
// `ours_ns` and `baseline_ns` for an item, and `ratio`. The benchmark must use manual time, which
// is that of ours.
void compare(benchmark::State& state, const Measurement& ours, const Measurement& baseline,
             Ratio ratio = Ratio::cost);

using SizedMeasurement = std::function<Cost(std::uint64_t size)>;

// How much dearer an item becomes from `small` to `large`, for each of the two. Counters:
// `ours_ns` and `baseline_ns` for an item of `large`, `ours_growth`, `baseline_growth`, and `ratio`
// of the growths: 1 is as the baseline grows.
void compare_growth(benchmark::State& state, std::uint64_t small, std::uint64_t large,
                    const SizedMeasurement& ours, const SizedMeasurement& baseline);

}  // namespace piccolo::bench
