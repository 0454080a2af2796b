#include "shrink/trials.hpp"

#include <algorithm>
#include <exception>
#include <limits>
#include <system_error>
#include <thread>

#include "piccolo/sim/run_world.hpp"
#include "piccolo/sim/scenario_file.hpp"

namespace piccolo::sim {
namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

// A candidate that comes to more events than that is on another way than the original.
std::uint64_t most_events(const RunResult& original, std::string_view invariant) {
  constexpr std::uint64_t few = 100'000;
  if (invariant == "endless") return std::numeric_limits<std::uint64_t>::max();
  return std::max(few, 4 * original.totals.events);
}

}  // namespace

struct Trials::Batch {
  const std::vector<Scenario>& candidates;
  const std::vector<std::string>& keys;
  std::size_t size;  // the rest is beyond the budget
  std::optional<unsigned> guards_min;
  std::vector<std::optional<Outcome>> outcomes;
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> best{none};

  void found(std::size_t index) {
    std::size_t known = best;
    while (index < known && !best.compare_exchange_weak(known, index)) continue;
  }
};

Trials::Trials(const WorldDescription& world, std::uint64_t seed, const RunResult& original,
               const ShrinkOptions& options)
    : world_(world),
      seed_(seed),
      invariant_(original.violation->invariant),
      liveness_(original.violation->liveness),
      events_max_(most_events(original, invariant_)),
      options_(options) {}

std::optional<RunResult> Trials::run(const Scenario& scenario, std::uint64_t seed) const {
  Scenario capped = scenario;
  if (capped.events_max == 0 || capped.events_max > events_max_) capped.events_max = events_max_;
  try {
    return run_world(world_, capped, seed);
  } catch (const std::exception&) {
    return std::nullopt;  // it makes no sense, or not with this seed
  }
}

bool Trials::breaks(const std::optional<RunResult>& run) const {
  return run && run->violation && run->violation->invariant == invariant_ &&
         run->violation->liveness == liveness_;
}

Trials::Watch Trials::watch(const Outcome& outcome, std::optional<unsigned> guards_min) {
  Watch result;
  if (!guards_min || !outcome.breaks) return {0, 0, true, outcome.breaks};
  for (; result.broken < *guards_min; ++result.asked) {
    const unsigned possible = result.broken + guards - result.asked;
    if (possible < *guards_min) break;
    if (result.asked == outcome.guards.size()) return result;
    if (outcome.guards[result.asked]) ++result.broken;
  }
  result.clear = true;
  result.passed = result.broken >= *guards_min;
  return result;
}

bool Trials::fits(const Outcome& outcome, std::optional<unsigned> guards_min) {
  return watch(outcome, guards_min).passed;
}

Trials::Outcome Trials::judge(const Scenario& scenario, const std::string& key,
                              std::optional<unsigned> guards_min) {
  Outcome outcome;
  bool is_known = false;
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(key);
    is_known = found != known_.end();
    if (is_known) outcome = found->second;
  }
  if (!is_known) {
    const auto result = run(scenario, seed_);
    outcome.breaks = breaks(result);
    if (outcome.breaks) outcome.violation = *result->violation;
    if (outcome.breaks) outcome.events = result->totals.events;
  }
  while (!watch(outcome, guards_min).clear) {
    outcome.guards.push_back(breaks(run(scenario, seed_ + outcome.guards.size() + 1)));
  }
  const std::lock_guard lock(mutex_);
  known_[key] = outcome;
  return outcome;
}

void Trials::work(Batch& batch, bool reports) {
  for (;;) {
    const std::size_t index = batch.next++;
    if (index >= batch.size || index > batch.best || must_end()) return;
    batch.outcomes[index] = judge(batch.candidates[index], batch.keys[index], batch.guards_min);
    if (fits(*batch.outcomes[index], batch.guards_min)) batch.found(index);
    if (reports && report_) report_();
  }
}

bool Trials::must_end() const { return why_it_must() != ShrinkEnd::smallest; }

ShrinkEnd Trials::why_it_must() const {
  if (options_.interrupted != nullptr && *options_.interrupted) return ShrinkEnd::interrupted;
  const bool late = options_.time_budget.count() > 0 && elapsed() >= options_.time_budget;
  return late ? ShrinkEnd::time_budget : ShrinkEnd::smallest;
}

// How many candidates can be decided about, whatever comes out, with the runs that are left.
std::size_t Trials::affordable(const std::vector<std::string>& keys, bool with_guards) const {
  std::uint64_t cost = runs_;
  for (std::size_t index = 0; index < keys.size(); ++index) {
    const auto paid = charged_.find(keys[index]);
    if (paid == charged_.end()) ++cost;
    if (with_guards) cost += guards - (paid == charged_.end() ? 0 : paid->second);
    if (cost > options_.runs_max) return index;
  }
  return keys.size();
}

void Trials::charge(const std::string& key, const Outcome& outcome,
                    std::optional<unsigned> guards_min) {
  const auto [paid, is_new] = charged_.try_emplace(key, 0);
  if (is_new) ++runs_;
  const unsigned asked = watch(outcome, guards_min).asked;
  if (asked <= paid->second) return;
  runs_ += asked - paid->second;
  paid->second = asked;
}

std::optional<Trials::Hit> Trials::first(const std::vector<Scenario>& candidates,
                                         std::optional<unsigned> guards_min) {
  if (over() || candidates.empty()) return std::nullopt;
  std::vector<std::string> keys;
  keys.reserve(candidates.size());
  for (const Scenario& candidate : candidates) keys.push_back(to_toml(candidate, world_.name));
  const std::size_t size = affordable(keys, guards_min.has_value());
  Batch batch{candidates, keys, size, guards_min, {}};
  batch.outcomes.resize(candidates.size());
  std::vector<std::thread> threads;
  for (std::size_t job = 1; job < std::min<std::size_t>(options_.jobs, size); ++job) {
    try {
      threads.emplace_back([this, &batch] { work(batch, false); });
    } catch (const std::system_error&) {
      break;  // the others do it all
    }
  }
  work(batch, true);
  for (std::thread& thread : threads) thread.join();
  for (std::size_t index = 0; index < size; ++index) {
    const auto& outcome = batch.outcomes[index];
    if (!outcome) {  // out of time before it was decided
      end_ = why_it_must();
      return std::nullopt;
    }
    charge(keys[index], *outcome, guards_min);
    if (fits(*outcome, guards_min)) return Hit{index, outcome->violation, outcome->events};
  }
  if (size < candidates.size()) end_ = ShrinkEnd::runs_max;
  return std::nullopt;
}

unsigned Trials::guards_broken(const Scenario& scenario) const {
  unsigned broken = 0;
  for (unsigned guard = 1; guard <= guards && broken < guards_enough && !must_end(); ++guard) {
    if (breaks(run(scenario, seed_ + guard))) ++broken;
  }
  return broken;
}

Trials::Others Trials::try_others(const Scenario& scenario, unsigned count) const {
  const Duration late = options_.time_budget + options_.time_budget / 4;
  Others others;
  while (others.tried < count) {
    if (why_it_must() == ShrinkEnd::interrupted) break;
    if (late.count() > 0 && elapsed() >= late) break;
    ++others.tried;
    if (breaks(run(scenario, seed_ + others.tried))) ++others.broken;
  }
  return others;
}

}  // namespace piccolo::sim
