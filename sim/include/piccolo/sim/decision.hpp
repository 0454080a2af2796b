#pragma once

// When was it decided that a run breaks? Runs that go on from a moment of it with other draws
// (`Reseed`), many for each of several moments: where the share that breaks as it did jumps up,
// something happened after which there was no way back.

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "piccolo/sim/campaign.hpp"
#include "piccolo/sim/run_result.hpp"
#include "piccolo/sim/scenario.hpp"
#include "piccolo/sim/world_description.hpp"

namespace piccolo::sim {

// Parts of a million. Of a share that was measured: between what bounds it is, in 95 of 100 cases.
struct ShareBounds {
  std::uint32_t low_ppm = 0;
  std::uint32_t high_ppm = 0;
};
// Wilson's score interval ("Probable inference, the law of succession, and statistical inference",
// 1927). At most 10^6 of `of`; of none, nothing is known.
ShareBounds wilson_bounds(std::uint64_t count, std::uint64_t of);

// Runs that share all that happened before a moment.
struct DecisionPoint {
  // The first moment of other draws. None: the runs share nothing, they are those of other seeds.
  std::optional<Duration> at;
  std::uint64_t runs = 0;
  std::uint64_t broke = 0;  // the invariant that the run broke
  std::uint64_t other = 0;  // another one

  std::uint32_t share_ppm() const noexcept;  // that broke the same
  bool operator==(const DecisionPoint&) const = default;
};

// The share rises between two moments, surely and by a quarter of all at least.
struct DecisionStep {
  DecisionPoint before;
  DecisionPoint after;
  bool operator==(const DecisionStep&) const = default;
};

struct Decision {
  RunResult run;                      // that it is about; if it holds, the rest is empty
  std::vector<DecisionPoint> points;  // by time, that of other seeds first
  std::vector<DecisionStep> steps;    // by time; as narrow as it was possible to make them
  // `time_budget` or `interrupted`: points and steps are what was known by then.
  CampaignEnd end = CampaignEnd::all_seeds;
};

struct DecisionOptions {
  std::uint32_t points = 12;         // 2 or more, evenly from the start to behind the violation
  std::uint32_t continuations = 50;  // for each point; 1 or more
  unsigned jobs = 1;
  // Steps are halved until they are not longer, or a thousandth of the time to the violation.
  Duration resolution = std::chrono::milliseconds(10);
  std::optional<Duration> time_budget;  // real time after which no more runs are begun
  // Called on the calling thread about ten times a second. `failed` are those that broke the same.
  std::function<void(const CampaignProgress&)> progress;
  const std::atomic<bool>* interrupted = nullptr;  // somebody sets it to end early; may be null
};

// The same for any number of jobs, unless it ends early. Throws what `run_world` throws. Runs that
// do not end are waited for.
Decision find_decision(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed,
                       const DecisionOptions& options);

}  // namespace piccolo::sim
