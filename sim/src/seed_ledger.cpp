#include "seed_ledger.hpp"

#include "piccolo/core/assert.hpp"

namespace piccolo::sim {

SeedLedger::SeedLedger(const CampaignOptions& options, std::uint64_t window)
    : options_(options), window_(window), planned_(options.shard.size(options.seeds)) {
  PICCOLO_ASSERT(window > 0, "a campaign was given no room for a single seed");
  PICCOLO_ASSERT(options.shard.index < options.shard.count, "a shard is beyond their number");
  result_.planned = planned_;
}

std::optional<SeedLedger::Lease> SeedLedger::take() {
  if (!more() || next_ - settled_ >= window_) return std::nullopt;
  waiting_.emplace_back();
  const std::uint64_t position = next_++;
  return Lease{position, options_.shard.seed_at(options_.seeds, position)};
}

void SeedLedger::hand_in(std::uint64_t position, RunResult run) {
  PICCOLO_ASSERT(position >= settled_ && position < next_, "a run came in that was not given out");
  waiting_[position - settled_] = std::move(run);
  settle();
}

void SeedLedger::end(CampaignEnd why) noexcept {
  if (ended_) return;
  ended_ = true;
  result_.end = why;
}

void SeedLedger::close() {
  for (const auto& run : waiting_) {
    if (run && !closed_) account(*run);
  }
  waiting_.clear();
  ended_ = closed_ = true;
}

CampaignResult SeedLedger::take_result() {
  const bool cut_short =
      result_.end == CampaignEnd::interrupted || result_.end == CampaignEnd::time_budget;
  // It was to be cut short, and came to its end all the same.
  if (cut_short && done() == planned_) result_.end = CampaignEnd::all_seeds;
  return std::move(result_);
}

void SeedLedger::settle() {
  while (!waiting_.empty() && waiting_.front()) {
    const RunResult run = std::move(*waiting_.front());
    waiting_.pop_front();
    ++settled_;
    if (!closed_) account(run);
  }
}

void SeedLedger::account(const RunResult& run) {
  result_.add(run);
  if (!run.violation) return;
  if (options_.failed) options_.failed(run);
  if (options_.failures_max == 0 || result_.failed < options_.failures_max) return;
  closed_ = true;
  // Whatever else was about to end it, this is why it says no more.
  ended_ = true;
  result_.end = CampaignEnd::failures_max;
}

}  // namespace piccolo::sim
