#pragma once

// Who runs which seed, and the runs put in order: workers take positions and hand in results as
// they come; the results are taken into account by their positions. Not thread-safe by itself.

#include <deque>
#include <optional>

#include "piccolo/sim/campaign.hpp"

namespace piccolo::sim {

class SeedLedger {
 public:
  // Enough that one slow seed does not stop the others soon.
  static constexpr std::uint64_t window_per_job = 1024;

  // `window`: how many seeds may be under way or wait for a lower one. Bounds the memory.
  SeedLedger(const CampaignOptions& options, std::uint64_t window);

  // A seed to run, or none: all are taken, the window is full, or the campaign is to end.
  struct Lease {
    std::uint64_t position = 0;
    std::uint64_t seed = 0;
  };
  std::optional<Lease> take();
  // Is there more to take, now or once a lower seed is done?
  bool more() const noexcept { return !ended_ && next_ < planned_; }
  void hand_in(std::uint64_t position, RunResult run);
  // No more seeds are given out. What is under way still counts, if it comes in.
  void end(CampaignEnd why) noexcept;
  // Takes into account what came in, without waiting for what is missing; nothing may come in
  // later.
  void close();
  bool closed() const noexcept { return closed_; }  // nothing counts any more

  std::uint64_t planned() const noexcept { return planned_; }
  // Seeds that were taken into account.
  std::uint64_t done() const noexcept { return result_.totals.runs; }
  const CampaignResult& result() const noexcept { return result_; }
  CampaignResult take_result();

 private:
  void settle();
  void account(const RunResult& run);

  const CampaignOptions& options_;
  std::uint64_t window_;
  std::uint64_t planned_;
  std::uint64_t next_ = 0;                        // position to give out
  std::uint64_t settled_ = 0;                     // positions below are taken into account
  std::deque<std::optional<RunResult>> waiting_;  // from `settled_` on
  bool ended_ = false;
  bool closed_ = false;  // nothing counts any more
  CampaignResult result_;
};

}  // namespace piccolo::sim
