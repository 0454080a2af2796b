#pragma once

// What a campaign knows of one of its workers: the process, and the seeds that it was given.

#include <deque>
#include <optional>

#include "campaign_clock.hpp"
#include "seed_ledger.hpp"
#include "worker_process.hpp"
#include "worker_words.hpp"

namespace piccolo::sim {

struct CampaignWorker {
  explicit CampaignWorker(WorkerSlot& of) : slot(of) {}

  // The seed that it runs, if it runs one that it was given.
  const SeedLedger::Lease* running() const noexcept { return leased_at(slot.position); }
  const SeedLedger::Lease* leased_at(std::uint64_t position) const noexcept {
    for (const auto& lease : leased) {
      if (lease.position == position) return &lease;
    }
    return nullptr;
  }
  bool idle() const noexcept { return leased.empty(); }

  WorkerSlot& slot;
  WorkerWords words;
  std::optional<WorkerProcess> process;
  // In the order in which it runs them; a result takes away the first.
  std::deque<SeedLedger::Lease> leased;
  // `slot.since` of the run that was given up, and when it was.
  std::optional<std::int64_t> given_up;
  RealTime given_up_at;
};

// How many seeds a worker is given at a time: one, when they are long, or as many as take about two
// milliseconds; and as many again before it is through, so that it need not wait.
class LeaseSize {
 public:
  // A seed took that much real time.
  void learn(Duration took) noexcept { average_ += (took - average_) / 8; }
  std::size_t most() const noexcept { return average_ > long_seed ? 1 : 2 * batch(); }
  // How many to give to a worker that has `leased`.
  std::size_t wanted(std::size_t leased) const noexcept {
    return 2 * leased <= most() && leased < most() ? most() - leased : 0;
  }

 private:
  static constexpr Duration batch_time = std::chrono::milliseconds(2);
  static constexpr Duration long_seed = std::chrono::milliseconds(5);
  static constexpr std::int64_t batch_max = 128;

  std::size_t batch() const noexcept {
    const std::int64_t fit = batch_time / std::max(average_, Duration(1));
    return static_cast<std::size_t>(std::clamp<std::int64_t>(fit, 1, batch_max));
  }

  Duration average_ = 2 * long_seed;
};

}  // namespace piccolo::sim
