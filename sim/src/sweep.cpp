// The only place of the simulator with threads: each runs worlds of its own, and what it found is
// put together in an order that does not depend on who found it.

#include "piccolo/sim/sweep.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace piccolo {
namespace {

class Sweep {
 public:
  Sweep(const ClusterOptions& world, SeedRange seeds, const SweepOptions& options)
      : world_(world), seeds_(seeds), options_(options), start_(std::chrono::steady_clock::now()) {}

  SweepResult run() {
    const auto jobs = static_cast<unsigned>(
        std::clamp<std::uint64_t>(seeds_.size(), 1, std::max(options_.jobs, 1U)));
    working_ = jobs;
    {
      std::vector<std::jthread> workers;
      workers.reserve(jobs);
      for (unsigned job = 0; job < jobs; ++job) workers.emplace_back([this] { work(); });
      report_until_done();
    }
    if (error_) std::rethrow_exception(error_);
    result_.seeds = done_;
    result_.wall_time = elapsed();
    std::sort(result_.violations.begin(), result_.violations.end(),
              [](const RunResult& a, const RunResult& b) { return a.seed < b.seed; });
    return std::move(result_);
  }

 private:
  Duration elapsed() const { return std::chrono::steady_clock::now() - start_; }

  void work() {
    RunCounts counts;
    try {
      for (;;) {
        const std::uint64_t offset = next_.fetch_add(1);
        if (offset >= seeds_.size()) break;
        RunResult run = run_cluster(world_, seeds_.first + offset, nullptr);
        counts.add(run.counts);
        if (run.violation) keep(std::move(run));
        done_.fetch_add(1);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
      next_ = seeds_.size();
    }
    const std::lock_guard lock(mutex_);
    result_.counts.add(counts);
    --working_;
    finished_.notify_one();
  }

  // Keeps the lowest seeds, so that the outcome is the same for any number of jobs.
  void keep(RunResult run) {
    const std::lock_guard lock(mutex_);
    ++result_.violated;
    auto& kept = result_.violations;
    const auto by_seed = [](const RunResult& a, const RunResult& b) { return a.seed < b.seed; };
    kept.push_back(std::move(run));
    std::push_heap(kept.begin(), kept.end(), by_seed);
    if (kept.size() <= options_.violations_kept) return;
    std::pop_heap(kept.begin(), kept.end(), by_seed);
    kept.pop_back();
  }

  void report_until_done() {
    std::unique_lock lock(mutex_);
    const auto done = [this] { return working_ == 0; };
    while (!finished_.wait_for(lock, std::chrono::milliseconds(100), done)) report();
    report();
  }

  void report() {
    if (!options_.progress) return;
    options_.progress(SweepProgress{done_, seeds_.size(), result_.violated, elapsed()});
  }

  const ClusterOptions& world_;
  SeedRange seeds_;
  const SweepOptions& options_;
  std::chrono::steady_clock::time_point start_;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<std::uint64_t> done_{0};
  std::mutex mutex_;  // guards what follows
  std::condition_variable finished_;
  unsigned working_ = 0;
  SweepResult result_;
  std::exception_ptr error_;
};

}  // namespace

SweepResult sweep(const ClusterOptions& world, SeedRange seeds, const SweepOptions& options) {
  return Sweep(world, seeds, options).run();
}

}  // namespace piccolo
