// The only place of the simulator with threads: each runs worlds of its own.

#include "piccolo/sim/campaign.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "piccolo/sim/run_world.hpp"
#include "seed_ledger.hpp"

namespace piccolo::sim {
namespace {

constexpr std::uint64_t window_per_job = 64;
constexpr std::chrono::milliseconds between_reports{100};

class Campaign {
 public:
  Campaign(const WorldDescription& world, const Scenario& scenario, const CampaignOptions& options)
      : world_(world),
        scenario_(scenario),
        options_(options),
        jobs_(std::max(options.jobs, 1U)),
        start_(std::chrono::steady_clock::now()),
        ledger_(options, jobs_ * window_per_job) {}

  CampaignResult run() {
    working_ = jobs_;
    {
      std::vector<std::jthread> workers;
      workers.reserve(jobs_);
      for (unsigned job = 0; job < jobs_; ++job) workers.emplace_back([this] { work(); });
      report_until_done();
    }
    if (error_) std::rethrow_exception(error_);
    CampaignResult result = ledger_.take_result();
    result.wall_time = elapsed();
    return result;
  }

 private:
  Duration elapsed() const { return std::chrono::steady_clock::now() - start_; }

  void work() {
    std::unique_lock lock(mutex_);
    while (ledger_.more()) {
      const auto lease = ledger_.take();
      if (!lease) {
        handed_in_.wait(lock);
        continue;
      }
      lock.unlock();
      auto run = run_one(lease->seed);
      lock.lock();
      if (run) ledger_.hand_in(lease->position, std::move(*run));
      handed_in_.notify_all();
    }
    --working_;
    finished_.notify_one();
  }

  std::optional<RunResult> run_one(std::uint64_t seed) {
    try {
      return run_world(world_, scenario_, seed);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
      ledger_.end(CampaignEnd::interrupted);
      return std::nullopt;
    }
  }

  void report_until_done() {
    std::unique_lock lock(mutex_);
    const auto done = [this] { return working_ == 0; };
    while (!finished_.wait_for(lock, between_reports, done)) {
      end_early();
      report();
    }
    report();
  }

  void end_early() {
    const bool interrupted = options_.interrupted != nullptr && *options_.interrupted;
    if (interrupted) ledger_.end(CampaignEnd::interrupted);
    if (options_.time_budget && elapsed() >= *options_.time_budget) {
      ledger_.end(CampaignEnd::time_budget);
    }
    handed_in_.notify_all();
  }

  void report() {
    if (!options_.progress) return;
    options_.progress(CampaignProgress{ledger_.done(), ledger_.planned(), ledger_.result().failed,
                                       elapsed(), options_.time_budget});
  }

  const WorldDescription& world_;
  const Scenario& scenario_;
  const CampaignOptions& options_;
  unsigned jobs_;
  std::chrono::steady_clock::time_point start_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable handed_in_;
  std::condition_variable finished_;
  SeedLedger ledger_;
  unsigned working_ = 0;
  std::exception_ptr error_;
};

}  // namespace

CampaignResult run_campaign(const WorldDescription& world, const Scenario& scenario,
                            const CampaignOptions& options) {
  return Campaign(world, scenario, options).run();
}

}  // namespace piccolo::sim
