#pragma once

// What a run did, as a text to compare: two runs with the same text were the same run.

#include <string>
#include <vector>

#include "cluster.hpp"

namespace piccolo::determinism {

// Unoptimised and sanitized builds are ten times slower; there a fraction of the seeds has to do.
#if defined(PICCOLO_SANITIZED) || !defined(__OPTIMIZE__)
inline constexpr std::uint64_t slowdown = 10;
#else
inline constexpr std::uint64_t slowdown = 1;
#endif

std::string outcome(const sim::RunTotals& totals);
std::string outcome(const sim::RunResult& run);

// The outcomes of the seeds from `first` on.
std::vector<std::string> outcomes(const test::Cluster& cluster, std::uint64_t first,
                                  std::uint64_t count);

}  // namespace piccolo::determinism
