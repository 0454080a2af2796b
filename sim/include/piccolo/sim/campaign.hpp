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

enum class CampaignEnd : std::uint8_t {
  all_seeds,
  failures_max,
  time_budget,
  interrupted,
  hang,  // of a seed on a thread, which nothing can stop; not with `isolate`
};

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
  // Threads were left behind in seeds that do not end (`seed_patience`), or did not within two
  // seconds of an interruption. They go on using the world that the campaign was given, so whatever
  // it refers to must stay, and the process must be ended by `std::_Exit`, which destroys nothing.
  // Always set when `end` is `hang`; never with `isolate`.
  bool threads_left = false;

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
  // Real time after which no more seeds are begun. Those under way count if they end within two
  // seconds more; the others are dropped.
  std::optional<Duration> time_budget;
  // How many in a million seeds are run twice and compared; a difference is a violation of
  // `deterministic`. Which ones depends on the seed alone.
  std::uint32_t check_ppm = 0;
  // Seeds run in worker processes, forked from this one. A run that ends its process is a violation
  // of `crash`, whose detail says how and what it last wrote to standard error, and the campaign
  // goes on; what other runs write there is passed on. Otherwise a crash is the end of the
  // campaign, and one line on standard error names the seed. The calling process should have no
  // other threads.
  bool isolate = false;
  // Real time for one run of a seed, after which it is a violation of `hang`; zero: for ever. For
  // programs that loop without an await: the simulator's own limits catch all others. With
  // `isolate`, the campaign goes on with another worker. Without, it ends with `CampaignEnd::hang`.
  Duration seed_patience = std::chrono::seconds(60);
  // Called on the calling thread about ten times a second, and once at the end. May be empty.
  std::function<void(const CampaignProgress&)> progress;
  // Told of each failing run, in the order of seeds, one at a time; not always on the calling
  // thread. May be empty.
  std::function<void(const RunResult&)> failed;
  // Somebody sets it to end the campaign early, a signal handler perhaps. Seeds under way are given
  // two seconds. May be null.
  const std::atomic<bool>* interrupted = nullptr;
};

// Throws what `run_world` throws for one of the seeds; from a worker process it comes as a
// `std::runtime_error` or `std::invalid_argument` of the same text. Campaigns with `isolate` are
// run one at a time.
CampaignResult run_campaign(const WorldDescription& world, const Scenario& scenario,
                            const CampaignOptions& options);

}  // namespace piccolo::sim
