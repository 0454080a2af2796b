#pragma once

// Many seeds of one world, on all cores. What is found does not depend on how many threads or
// processes ran it: runs are taken into account in the order of their seeds.

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "piccolo/sim/run_result.hpp"
#include "piccolo/sim/scenario.hpp"
#include "piccolo/sim/world_description.hpp"

namespace piccolo::sim {

struct SeedRange {
  std::uint64_t first = 1;
  std::uint64_t last = 1;  // included
  // None when `last` is below `first`; all 2^64 seeds count as one less.
  std::uint64_t size() const noexcept;
  bool operator==(const SeedRange&) const = default;
};

// A part of a campaign: the seeds with `seed % count == index`.
struct Shard {
  std::uint32_t index = 0;
  std::uint32_t count = 1;
  std::uint64_t size(const SeedRange& seeds) const noexcept;
  // The seed number `position` of those that the shard has of the range.
  std::uint64_t seed_at(const SeedRange& seeds, std::uint64_t position) const noexcept;
  bool operator==(const Shard&) const = default;
};

// Failures that are most likely one mistake.
struct FailureGroup {
  std::string signature;
  std::uint64_t seeds = 0;          // that failed so
  std::vector<RunResult> examples;  // the lowest seeds, in order; not all
  RunResult quickest;               // the one of the fewest events: the one to look at first
};

enum class CampaignEnd : std::uint8_t { all_seeds, failures_max, time_budget, interrupted };

struct CampaignProgress {
  std::uint64_t done = 0;
  std::uint64_t planned = 0;
  std::uint64_t failed = 0;
  Duration elapsed{0};  // real time
  std::optional<Duration> time_budget;
};

struct CampaignResult {
  std::uint64_t planned = 0;  // seeds
  std::uint64_t failed = 0;
  std::vector<FailureGroup> groups;  // in the order of their lowest seeds; not more than a few
  RunTotals totals;                  // `totals.runs` seeds were run
  CampaignEnd end = CampaignEnd::all_seeds;
  Duration wall_time{0};

  // Takes a run into account; runs come in the order of their seeds.
  void add(const RunResult& run);
};

struct CampaignOptions {
  SeedRange seeds;
  Shard shard;
  unsigned jobs = 1;
  // Ends with the seed that is the so-manyth to fail; 0: goes on. Exact: higher seeds that were run
  // meanwhile count for nothing.
  std::uint64_t failures_max = 0;
  // Real time after which no more seeds are begun.
  std::optional<Duration> time_budget;
  // How many in a million seeds are run twice and compared; a difference is a violation of
  // `deterministic`. Which ones depends on the seed alone.
  std::uint32_t check_ppm = 0;
  // Called on the calling thread about ten times a second, and once at the end. May be empty.
  std::function<void(const CampaignProgress&)> progress;
  // Told of each failing run, in the order of seeds, one at a time. May be empty.
  std::function<void(const RunResult&)> failed;
  // Somebody sets it to end the campaign early, a signal handler perhaps. May be null.
  const std::atomic<bool>* interrupted = nullptr;
};

CampaignResult run_campaign(const WorldDescription& world, const Scenario& scenario,
                            const CampaignOptions& options);

}  // namespace piccolo::sim
