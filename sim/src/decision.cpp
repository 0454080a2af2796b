#include "piccolo/sim/decision.hpp"

#include <algorithm>
#include <utility>

#include "decision_runs.hpp"
#include "piccolo/core/assert.hpp"

namespace piccolo::sim {
namespace {

constexpr std::uint64_t certain_ppm = 1'000'000;
// What is less is lost among 50 continuations.
constexpr std::uint32_t least_rise_ppm = 250'000;

std::uint64_t square_root(std::uint64_t of) noexcept {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 31U; bit > 0; bit >>= 1U) {
    const std::uint64_t larger = root | bit;
    if (larger * larger <= of) root = larger;
  }
  return root;
}

bool is_step(const DecisionPoint& before, const DecisionPoint& after) {
  if (before.runs == 0 || after.runs == 0) return false;
  if (after.share_ppm() < before.share_ppm() + least_rise_ppm) return false;
  return wilson_bounds(before.broke, before.runs).high_ppm <
         wilson_bounds(after.broke, after.runs).low_ppm;
}

// Evenly; the last one is behind the violation, where nothing is left to decide.
std::vector<DecisionPoint> first_points(Duration violation, std::uint32_t count) {
  std::vector<DecisionPoint> points(std::size_t{1} + count);
  const std::int64_t last = violation.count() + 1;
  const std::int64_t gaps = std::int64_t{count} - 1;
  for (std::int64_t at = 0; at <= gaps; ++at) {
    const std::int64_t time = last / gaps * at + last % gaps * at / gaps;
    points[static_cast<std::size_t>(at) + 1].at = Duration(time);
  }
  return points;
}

// Without those that there was no time for.
void add_to(std::vector<DecisionPoint>& all, const std::vector<DecisionPoint>& points) {
  std::ranges::copy_if(points, std::back_inserter(all),
                       [](const DecisionPoint& point) { return point.runs > 0; });
  std::ranges::sort(all, {}, &DecisionPoint::at);
}

std::vector<DecisionStep> steps_of(const std::vector<DecisionPoint>& points) {
  std::vector<DecisionStep> steps;
  for (std::size_t at = 1; at < points.size(); ++at) {
    if (is_step(points[at - 1], points[at])) steps.push_back({points[at - 1], points[at]});
  }
  return steps;
}

class Refinement {
 public:
  Refinement(DecisionRuns& runs, Decision& decision, Duration resolution)
      : runs_(runs), decision_(decision), resolution_(resolution) {}

  // Halves what is too long, all in one round. False when nothing is.
  bool round() {
    std::vector<DecisionPoint> middles;
    std::vector<DecisionStep> halved;
    std::vector<DecisionStep> steps;
    for (const DecisionStep& step : decision_.steps) {
      if (!too_long(step)) {
        steps.push_back(step);
        continue;
      }
      middles.push_back({.at = *step.before.at + (*step.after.at - *step.before.at) / 2});
      halved.push_back(step);
    }
    if (middles.empty()) return false;
    runs_.measure(middles, decision_.run.violation->invariant);
    add_to(decision_.points, middles);
    for (std::size_t at = 0; at < middles.size(); ++at) halve(halved[at], middles[at], steps);
    std::ranges::sort(steps, {}, [](const DecisionStep& step) { return step.before.at; });
    decision_.steps = std::move(steps);
    return true;
  }

 private:
  bool too_long(const DecisionStep& step) const {
    if (!step.before.at || *step.after.at - *step.before.at <= resolution_) return false;
    return std::ranges::find(spread_, step.before.at) == spread_.end();
  }

  // Each half may be a step. When none is, the rise is spread over both.
  void halve(const DecisionStep& step, const DecisionPoint& middle,
             std::vector<DecisionStep>& steps) {
    const bool first = is_step(step.before, middle);
    const bool second = is_step(middle, step.after);
    if (first) steps.push_back({step.before, middle});
    if (second) steps.push_back({middle, step.after});
    if (first || second) return;
    spread_.push_back(step.before.at);
    steps.push_back(step);
  }

  DecisionRuns& runs_;
  Decision& decision_;
  Duration resolution_;
  std::vector<std::optional<Duration>> spread_;  // where steps begin that get no narrower
};

}  // namespace

ShareBounds wilson_bounds(std::uint64_t count, std::uint64_t of) {
  PICCOLO_ASSERT(count <= of && of <= certain_ppm, "a share was more than all, or of too many");
  if (of == 0) return {0, certain_ppm};
  // With z = 1.96: (count + z²/2 ± z √(count (of - count) / of + z²/4)) / (of + z²)
  const std::uint64_t whole = of * 10'000 + 38'416;  // in parts of 10,000
  const std::uint64_t center = (count * 10'000 + 19'208) * certain_ppm / whole;
  const std::uint64_t variance = count * (of - count) * certain_ppm / of;
  const std::uint64_t root = square_root(variance * certain_ppm + 960'400'000'000);
  const std::uint64_t half = 19'600 * root / whole;
  const std::uint64_t low = count == 0 ? 0 : center - std::min(center, half);
  const std::uint64_t high = count == of ? certain_ppm : std::min(center + half, certain_ppm);
  return {static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(high)};
}

std::uint32_t DecisionPoint::share_ppm() const noexcept {
  return runs == 0 ? 0 : static_cast<std::uint32_t>(broke * certain_ppm / runs);
}

Decision find_decision(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed,
                       const DecisionOptions& options) {
  PICCOLO_ASSERT(options.points >= 2 && options.continuations >= 1,
                 "a decision was looked for at too few points, or with no continuations");
  DecisionRuns runs(world, scenario, seed, options);
  Decision decision;
  decision.run = runs.original();
  if (!decision.run.violation) return decision;
  const Duration violation = decision.run.violation->at;
  std::vector<DecisionPoint> points = first_points(violation, options.points);
  runs.measure(points, decision.run.violation->invariant);
  add_to(decision.points, points);
  decision.steps = steps_of(decision.points);
  const Duration finest = std::max(std::min(options.resolution, violation / 1000), Duration(1));
  Refinement refinement(runs, decision, finest);
  while (runs.end() == CampaignEnd::all_seeds && refinement.round()) {
  }
  decision.end = runs.end();
  return decision;
}

}  // namespace piccolo::sim
