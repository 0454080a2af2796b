#pragma once

// The runs of a decision, many at a time.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "campaign_clock.hpp"
#include "piccolo/sim/decision.hpp"

namespace piccolo::sim {

class DecisionRuns {
 public:
  // What it is given outlives it.
  DecisionRuns(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed,
               const DecisionOptions& options);

  RunResult original() const;
  // Counts at each point, as far as there is time; `invariant` is what the original broke.
  void measure(std::vector<DecisionPoint>& points, const std::string& invariant);
  // Why there was no time for all, if so.
  CampaignEnd end() const noexcept { return end_; }

 private:
  enum class Outcome : std::uint8_t { not_run, held, broke, other };
  struct Batch;

  Outcome run(const Batch& batch, std::size_t index) const;
  void work(Batch& batch);
  void watch(Batch& batch);
  bool out_of_time();
  void report(std::uint64_t finished, std::uint64_t broke) const;

  const WorldDescription& world_;
  const Scenario& scenario_;
  const std::uint64_t seed_;
  const DecisionOptions& options_;
  const RealTime start_ = real_now();
  CampaignEnd end_ = CampaignEnd::all_seeds;
  std::uint64_t planned_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t broke_ = 0;
};

}  // namespace piccolo::sim
