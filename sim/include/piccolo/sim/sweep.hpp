#pragma once

// Many seeds of one world, on all cores. The result does not depend on how many threads ran it.

#include <cstdint>
#include <functional>
#include <vector>

#include "piccolo/sim/cluster.hpp"

namespace piccolo {

struct SeedRange {
  std::uint64_t first = 1;
  std::uint64_t last = 1;  // included
  std::uint64_t size() const noexcept { return last - first + 1; }
};

struct SweepProgress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::uint64_t violations = 0;
  Duration elapsed{0};
};

struct SweepResult {
  std::uint64_t seeds = 0;
  std::uint64_t violated = 0;
  std::vector<RunResult> violations;  // by seed, at most `SweepOptions::violations_kept`
  RunCounts counts;
  Duration wall_time{0};
};

struct SweepOptions {
  unsigned jobs = 1;
  std::size_t violations_kept = 100;
  // Called on the calling thread about ten times a second, and once at the end. May be empty.
  std::function<void(const SweepProgress&)> progress;
};

SweepResult sweep(const ClusterOptions& world, SeedRange seeds, const SweepOptions& options);

}  // namespace piccolo
