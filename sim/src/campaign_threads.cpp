#include "campaign_threads.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#include "campaign_clock.hpp"
#include "campaign_crash_notice.hpp"
#include "checked_run.hpp"
#include "seed_ledger.hpp"

namespace piccolo::sim {
namespace {

// What a thread is at.
struct Job {
  std::optional<SeedLedger::Lease> lease;  // while it runs a seed
  RealTime since;                          // this run of it
  bool stuck = false;                      // given up
  bool finished = false;                   // about to leave
};

// A thread that is left behind keeps it alive; hence copies of everything.
struct Shared {
  Shared(const WorldDescription& of, const Scenario& chosen, const CampaignOptions& with,
         unsigned count)
      : world(of),
        scenario(chosen),
        options(with),
        ledger(options, count * SeedLedger::window_per_job),
        jobs(count) {}

  std::size_t at_work() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(jobs, [](const Job& job) { return !job.finished && !job.stuck; }));
  }

  const WorldDescription world;
  const Scenario scenario;
  const CampaignOptions options;
  std::mutex mutex;  // guards what follows
  std::condition_variable handed_in;
  std::condition_variable finished;
  SeedLedger ledger;
  std::vector<Job> jobs;
  bool over = false;  // nobody waits for results any more
  std::exception_ptr error;
};

RunResult run_seed(Shared& shared, Job& job, std::uint64_t seed) {
  const RunningSeed running(seed);
  return checked_run(shared.world, shared.scenario, seed, shared.options.check_ppm, [&] {
    const std::lock_guard lock(shared.mutex);
    job.since = real_now();
  });
}

// Takes a seed, runs it, hands it in; the lock is held when it comes and when it goes.
void work_on_one(Shared& shared, Job& job, std::unique_lock<std::mutex>& lock) {
  job.lease = shared.ledger.take();
  if (!job.lease) {
    shared.handed_in.wait(lock);
    return;
  }
  job.since = real_now();
  lock.unlock();
  std::optional<RunResult> run;
  std::exception_ptr error;
  try {
    run = run_seed(shared, job, job.lease->seed);
  } catch (...) {
    error = std::current_exception();
  }
  lock.lock();
  const auto lease = std::exchange(job.lease, std::nullopt);
  if (shared.over || job.stuck) return;
  try {
    if (error) std::rethrow_exception(error);
    shared.ledger.hand_in(lease->position, std::move(*run));
  } catch (...) {
    // The world's, or that of whoever was told of a failure.
    if (!shared.error) shared.error = std::current_exception();
    shared.ledger.end(CampaignEnd::interrupted);
  }
}

void work(const std::shared_ptr<Shared>& shared, std::size_t index) {
  const CrashStack stack;
  std::unique_lock lock(shared->mutex);
  Job& job = shared->jobs[index];
  while (shared->ledger.more() && !job.stuck) {
    work_on_one(*shared, job, lock);
    shared->handed_in.notify_all();
  }
  job.finished = true;
  shared->finished.notify_one();
}

class ThreadCampaign {
 public:
  ThreadCampaign(const WorldDescription& world, const Scenario& scenario,
                 const CampaignOptions& options)
      : shared_(std::make_shared<Shared>(world, scenario, options, std::max(options.jobs, 1U))),
        clock_(shared_->options) {}

  CampaignResult run() {
    const CrashNotice notice;
    start();
    wait();
    CampaignResult result = leave();
    if (shared_->error) std::rethrow_exception(shared_->error);
    result.wall_time = clock_.elapsed();
    return result;
  }

 private:
  void start() {
    threads_.reserve(shared_->jobs.size());
    for (std::size_t job = 0; job < shared_->jobs.size(); ++job) {
      try {
        threads_.emplace_back([shared = shared_, job] { work(shared, job); });
      } catch (const std::system_error&) {
        if (threads_.empty()) throw;
        do_without_from(job);
        return;
      }
    }
  }

  // The machine has no more threads to give; the others run all seeds as well.
  void do_without_from(std::size_t job) {
    const std::lock_guard lock(shared_->mutex);
    for (; job < shared_->jobs.size(); ++job) shared_->jobs[job].finished = true;
  }

  void wait() {
    std::unique_lock lock(shared_->mutex);
    const auto done = [this] { return shared_->at_work() == 0; };
    while (!shared_->finished.wait_for(lock, CampaignClock::tick, done)) {
      clock_.end_early(shared_->ledger);
      for (Job& job : shared_->jobs) give_up_if_stuck(job);
      shared_->handed_in.notify_all();
      if (clock_.grace_is_over()) break;
      report(lock);
    }
  }

  void give_up_if_stuck(Job& job) {
    if (!job.lease || job.stuck || !clock_.out_of_patience(real_now() - job.since)) return;
    job.stuck = true;
    shared_->ledger.hand_in(
        job.lease->position,
        lost_run(job.lease->seed, Violation{"hang", hang_headline(shared_->options.seed_patience),
                                            Duration(0), true}));
    clock_.end(shared_->ledger, CampaignEnd::hang);
  }

  void report(std::unique_lock<std::mutex>& lock) {
    if (!shared_->options.progress) return;
    const CampaignProgress progress = clock_.progress(shared_->ledger);
    // It may take its time, to write to a terminal; seeds need not wait for that.
    lock.unlock();
    shared_->options.progress(progress);
    lock.lock();
  }

  // Threads that still run are left behind: nothing can end them.
  CampaignResult leave() {
    std::unique_lock lock(shared_->mutex);
    shared_->over = true;
    shared_->ledger.close();
    shared_->handed_in.notify_all();
    report(lock);
    CampaignResult result = shared_->ledger.take_result();
    std::vector<bool> finished;
    for (const Job& job : shared_->jobs) finished.push_back(job.finished);
    lock.unlock();
    for (std::size_t job = 0; job < threads_.size(); ++job) {
      if (finished[job]) {
        threads_[job].join();
      } else {
        threads_[job].detach();
        result.threads_left = true;
      }
    }
    return result;
  }

  std::shared_ptr<Shared> shared_;
  CampaignClock clock_;
  std::vector<std::thread> threads_;
};

}  // namespace

CampaignResult run_on_threads(const WorldDescription& world, const Scenario& scenario,
                              const CampaignOptions& options) {
  return ThreadCampaign(world, scenario, options).run();
}

}  // namespace piccolo::sim
