#pragma once

// Real time in a campaign: how long it may take, and what it is told of meanwhile.

#include <chrono>
#include <optional>
#include <string>

#include "piccolo/sim/campaign.hpp"
#include "seed_ledger.hpp"

namespace piccolo::sim {

using RealTime = std::chrono::steady_clock::time_point;

inline RealTime real_now() { return std::chrono::steady_clock::now(); }

class CampaignClock {
 public:
  static constexpr std::chrono::milliseconds tick{100};
  // For seeds that are under way when the campaign is to end.
  static constexpr std::chrono::seconds grace{2};

  explicit CampaignClock(const CampaignOptions& options) : options_(options), start_(real_now()) {}

  Duration elapsed() const { return real_now() - start_; }

  // Ends the campaign when somebody wants it to, or its time is over.
  void end_early(SeedLedger& ledger) {
    const bool interrupted = options_.interrupted != nullptr && *options_.interrupted;
    if (interrupted) end(ledger, CampaignEnd::interrupted);
    if (options_.time_budget && elapsed() >= *options_.time_budget) {
      end(ledger, CampaignEnd::time_budget);
    }
  }
  void end(SeedLedger& ledger, CampaignEnd why) {
    ledger.end(why);
    if (!deadline_) deadline_ = real_now() + grace;
  }
  bool ending() const noexcept { return deadline_.has_value(); }
  bool grace_is_over() const { return deadline_ && real_now() >= *deadline_; }

  bool out_of_patience(Duration running) const {
    return options_.seed_patience > Duration(0) && running > options_.seed_patience;
  }

  CampaignProgress progress(const SeedLedger& ledger) const {
    return {ledger.done(), ledger.planned(), ledger.result().failed, elapsed(),
            options_.time_budget};
  }

 private:
  const CampaignOptions& options_;
  RealTime start_;
  std::optional<RealTime> deadline_;
};

// What is known of a seed that took the process with it, or did not end.
inline RunResult lost_run(std::uint64_t seed, Violation violation) {
  RunResult run;
  run.seed = seed;
  run.totals.runs = 1;
  run.violation = std::move(violation);
  return run;
}

inline std::string hang_headline(Duration patience) {
  return "did not end within " + format_duration(patience) + " of real time";
}

}  // namespace piccolo::sim
