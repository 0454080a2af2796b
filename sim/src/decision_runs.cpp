#include "decision_runs.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "campaign_crash_notice.hpp"
#include "piccolo/core/random.hpp"
#include "piccolo/sim/run_world.hpp"

namespace piccolo::sim {

// The runs of a round. All points get their first one before any gets its second, so that a round
// that is cut short has learned about all.
struct DecisionRuns::Batch {
  Batch(const std::vector<DecisionPoint>& at, const std::string& broken, std::size_t count)
      : points(at), invariant(broken), outcomes(count, Outcome::not_run) {}

  const std::vector<DecisionPoint>& points;
  const std::string& invariant;
  std::vector<Outcome> outcomes;
  std::mutex mutex;  // guards what follows, and who writes an outcome
  std::condition_variable changed;
  std::size_t next = 0;
  std::size_t finished = 0;
  std::uint64_t broke = 0;
  std::size_t workers = 0;
  bool over = false;  // no more are begun
  std::exception_ptr error;
  std::size_t error_index = 0;
};

DecisionRuns::DecisionRuns(const WorldDescription& world, const Scenario& scenario,
                           std::uint64_t seed, const DecisionOptions& options)
    : world_(world), scenario_(scenario), seed_(seed), options_(options) {}

RunResult DecisionRuns::original() const {
  const CrashNotice notice;
  const RunningSeed running(seed_);
  return run_world(world_, scenario_, seed_);
}

DecisionRuns::Outcome DecisionRuns::run(const Batch& batch, std::size_t index) const {
  const DecisionPoint& point = batch.points[index % batch.points.size()];
  const std::uint64_t number = index / batch.points.size();
  const std::uint64_t other = Random(seed_).stream("continuation", number).next();
  const RunningSeed running(point.at ? seed_ : other);
  const RunResult result =
      point.at ? run_world(world_, scenario_, seed_, nullptr, Reseed{*point.at, other})
               : run_world(world_, scenario_, other);
  if (!result.violation) return Outcome::held;
  return result.violation->invariant == batch.invariant ? Outcome::broke : Outcome::other;
}

void DecisionRuns::work(Batch& batch) {
  const CrashStack stack;
  std::unique_lock lock(batch.mutex);
  while (!batch.over && batch.next < batch.outcomes.size()) {
    const std::size_t index = batch.next++;
    lock.unlock();
    Outcome outcome = Outcome::not_run;
    std::exception_ptr error;
    try {
      outcome = run(batch, index);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    batch.outcomes[index] = outcome;
    ++batch.finished;
    if (outcome == Outcome::broke) ++batch.broke;
    // The first of them in order, whichever thread was faster.
    if (error && (!batch.error || index < batch.error_index)) {
      batch.error = error;
      batch.error_index = index;
      batch.over = true;
    }
  }
  --batch.workers;
  batch.changed.notify_one();
}

bool DecisionRuns::out_of_time() {
  const bool interrupted = options_.interrupted != nullptr && *options_.interrupted;
  if (interrupted) end_ = CampaignEnd::interrupted;
  if (options_.time_budget && real_now() - start_ >= *options_.time_budget && !interrupted) {
    end_ = CampaignEnd::time_budget;
  }
  return end_ != CampaignEnd::all_seeds;
}

void DecisionRuns::watch(Batch& batch) {
  std::unique_lock lock(batch.mutex);
  while (!batch.changed.wait_for(lock, CampaignClock::tick, [&] { return batch.workers == 0; })) {
    if (out_of_time()) batch.over = true;
    const std::uint64_t finished = batch.finished;
    const std::uint64_t broke = batch.broke;
    lock.unlock();
    report(finished, broke);
    lock.lock();
  }
}

void DecisionRuns::report(std::uint64_t finished, std::uint64_t broke) const {
  if (!options_.progress) return;
  options_.progress(
      {done_ + finished, planned_, broke_ + broke, real_now() - start_, options_.time_budget});
}

void DecisionRuns::measure(std::vector<DecisionPoint>& points, const std::string& invariant) {
  Batch batch(points, invariant, points.size() * options_.continuations);
  batch.over = out_of_time();
  batch.workers =
      std::clamp<std::size_t>(options_.jobs, 1, std::max<std::size_t>(batch.outcomes.size(), 1));
  planned_ += batch.outcomes.size();
  {
    const CrashNotice notice;
    std::vector<std::jthread> threads;
    const std::size_t count = batch.workers;
    threads.reserve(count);
    for (std::size_t at = 0; at < count; ++at) threads.emplace_back([&] { work(batch); });
    watch(batch);
  }
  if (batch.error) std::rethrow_exception(batch.error);
  done_ += batch.finished;
  broke_ += batch.broke;
  for (std::size_t index = 0; index < batch.outcomes.size(); ++index) {
    DecisionPoint& point = points[index % points.size()];
    const Outcome outcome = batch.outcomes[index];
    if (outcome == Outcome::not_run) continue;
    ++point.runs;
    if (outcome == Outcome::broke) ++point.broke;
    if (outcome == Outcome::other) ++point.other;
  }
}

}  // namespace piccolo::sim
