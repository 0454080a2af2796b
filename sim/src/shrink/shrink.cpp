#include "piccolo/sim/shrink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "piccolo/sim/run_world.hpp"
#include "shrink/simpler_faults.hpp"
#include "shrink/simpler_worlds.hpp"
#include "shrink/trials.hpp"

namespace piccolo::sim {
namespace {

class Shrinker {
 public:
  Shrinker(const WorldDescription& world, FailingCase start, std::uint64_t seed,
           const RunResult& original, const ShrinkOptions& options)
      : origin_{world, seed},
        options_(options),
        trials_(world, seed, original, options),
        now_(std::move(start)),
        violation_(*original.violation),
        before_(now_.size()) {
    before_.events = original.totals.events;
    events_ = before_.events;
    trials_.report_to([this] { report(); });
  }

  ShrinkResult shrink() {
    drop_what_came_later();
    plainer_world();
    // From now on nothing may leave much more to the seed than what there is now.
    guards_min_ = trials_.guards_broken(now_.whole());
    // Two steps might undo each other's work for ever.
    constexpr int rounds_max = 10;
    bool changed = true;
    for (int round = 0; changed && round < rounds_max && !trials_.over(); ++round) {
      changed = fewer_faults();
      changed = smaller_parameters() || changed;
      changed = shorter_run() || changed;
      changed = plainer_world() || changed;
      changed = simpler_faults() || changed;
    }
    return result();
  }

 private:
  // Goes over to the first of the candidates that breaks.
  bool take(FailingCases candidates) {
    std::vector<Scenario> scenarios;
    scenarios.reserve(candidates.size());
    for (const FailingCase& each : candidates) scenarios.push_back(each.whole());
    const auto hit = trials_.first(scenarios, guards_min_);
    if (!hit) return false;
    now_ = std::move(candidates[hit->index]);
    violation_ = hit->violation;
    events_ = hit->events;
    return true;
  }

  void drop_what_came_later() {
    step_ = "later faults";
    FailingCase early = now_;
    std::erase_if(early.plan, [this](const Fault& fault) { return fault.at > violation_.at; });
    if (early.plan.size() < now_.plan.size()) take({early});
  }

  // ---- fewer faults: ddmin ----

  FailingCase with_faults(std::size_t from, std::size_t to, bool inside) const {
    FailingCase part = now_;
    part.plan.clear();
    for (std::size_t index = 0; index < now_.plan.size(); ++index) {
      if ((index >= from && index < to) == inside) part.plan.push_back(now_.plan[index]);
    }
    return part;
  }

  // The parts, and then what is left without each.
  FailingCases parts_of(std::size_t count) const {
    FailingCases cases;
    for (const bool inside : {true, false}) {
      for (std::size_t part = 0; part < count; ++part) {
        const std::size_t size = now_.plan.size();
        cases.push_back(with_faults(size * part / count, size * (part + 1) / count, inside));
      }
    }
    return cases;
  }

  bool fewer_faults() {
    step_ = "faults";
    const std::size_t had = now_.plan.size();
    if (had == 0 || take({with_faults(0, had, false)})) return had > 0;
    for (std::size_t parts = 2; now_.plan.size() > 1 && !trials_.over();) {
      const std::size_t size = now_.plan.size();
      if (take(parts_of(parts))) {
        const bool complement = now_.plan.size() > size / parts + 1;
        parts = complement ? std::max<std::size_t>(parts - 1, 2) : 2;
        parts = std::min(parts, std::max<std::size_t>(now_.plan.size(), 2));
      } else if (parts < size) {
        parts = std::min(2 * parts, size);
      } else {
        break;
      }
    }
    return now_.plan.size() < had;
  }

  // ---- the rest ----

  bool smaller_parameters() {
    step_ = "parameters";
    bool changed = false;
    for (std::size_t index = 0; index < now_.scenario.parameters.all().size(); ++index) {
      changed = take(smaller_parameter(origin_, now_, index)) || changed;
    }
    return changed;
  }

  bool shorter_run() {
    step_ = "duration";
    bool changed = false;
    while (take(shorter(now_, violation_.at))) changed = true;
    while (take(earlier(now_))) changed = true;
    return changed;
  }

  bool plainer_world() {
    step_ = "world";
    bool changed = false;
    while (take(plainer(origin_, now_))) changed = true;
    return changed;
  }

  bool simpler_faults() {
    step_ = "each fault";
    bool changed = false;
    for (std::size_t index = 0; index < now_.plan.size(); ++index) {
      while (take(instead_of(index, simpler_than(now_.plan[index], now_.scene)))) {
        changed = true;
      }
      if (take(instead_of(index, single_refusals(now_.plan[index], now_.scene)))) {
        changed = true;
      }
    }
    return changed;
  }

  FailingCases instead_of(std::size_t index, const std::vector<Fault>& others) const {
    FailingCases cases;
    cases.reserve(others.size());
    for (const Fault& other : others) {
      cases.push_back(now_);
      cases.back().plan[index] = other;
    }
    return cases;
  }

  // ---- what is told ----

  ShrinkSize size_now() const {
    ShrinkSize size = now_.size();
    size.events = events_;
    return size;
  }

  void report() const {
    if (!options_.progress) return;
    options_.progress(
        {step_, trials_.runs(), before_, size_now(), trials_.elapsed(), options_.time_budget});
  }

  ShrinkResult result() {
    constexpr unsigned others_tried = 20;
    std::ranges::sort(now_.plan, {}, [](const Fault& fault) { return fault.at; });
    ShrinkResult result{now_.whole(), violation_, before_, size_now()};
    result.runs = trials_.runs();
    result.end = trials_.end();
    const Trials::Others others = trials_.try_others(result.scenario, others_tried);
    result.others = others.tried;
    result.others_broken = others.broken;
    result.wall_time = trials_.elapsed();
    result.scenario.repro = Repro{origin_.seed, violation_.invariant, false};
    return result;
  }

  const Origin origin_;
  const ShrinkOptions& options_;
  Trials trials_;
  FailingCase now_;
  Violation violation_;
  ShrinkSize before_;
  std::uint64_t events_ = 0;
  std::optional<unsigned> guards_min_;
  std::string_view step_;
};

}  // namespace

std::expected<ShrinkResult, std::string> shrink(const WorldDescription& world,
                                                const Scenario& scenario, std::uint64_t seed,
                                                const ShrinkOptions& options) {
  Scenario wanted = scenario;
  const auto from = std::exchange(wanted.repro, std::nullopt);
  FailingCase start = case_of(world, wanted, seed);
  const RunResult original = run_world(world, start.whole(), seed);
  if (!original.violation) {
    return std::unexpected(fmt::format("seed {} holds; give one that breaks an invariant", seed));
  }
  if (from && from->invariant != original.violation->invariant) {
    return std::unexpected(fmt::format("it no longer breaks `{}`, but `{}`; change it in the file",
                                       from->invariant, original.violation->invariant));
  }
  return Shrinker(world, std::move(start), seed, original, options).shrink();
}

}  // namespace piccolo::sim
