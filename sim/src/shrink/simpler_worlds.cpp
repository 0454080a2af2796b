#include "shrink/simpler_worlds.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "piccolo/core/executor.hpp"
#include "shrink/rounding.hpp"

namespace piccolo::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void add_moved(FailingCases& cases, const Origin& origin, const Scenario& scenario,
               const FailingCase& from) {
  auto plain = moved_to(origin.world, scenario, origin.seed, from, false);
  if (!plain) return;
  const bool lost = plain->plan.size() < from.plan.size();
  cases.push_back(std::move(*plain));
  if (!lost) return;
  auto renamed = moved_to(origin.world, scenario, origin.seed, from, true);
  if (renamed) cases.push_back(std::move(*renamed));
}

// The lowest first; not all of many.
std::set<std::int64_t> lower_values(const Parameter& parameter) {
  constexpr std::int64_t steps = 8;
  std::set<std::int64_t> values;
  const std::int64_t span = parameter.value - parameter.min;
  for (std::int64_t step = 0; step < steps; ++step) {
    values.insert(parameter.min + (span <= steps ? std::min(step, span) : span / steps * step));
  }
  values.erase(parameter.value);
  return values;
}

void cut_to(FailingCase& of, Duration duration) {
  of.scenario.duration = duration;
  of.scene.duration = duration;
  FaultPlan kept;
  for (Fault& fault : of.plan) {
    if (fault.at >= duration) continue;
    fault.lasting = std::min(fault.lasting, duration - fault.at);
    kept.push_back(std::move(fault));
  }
  of.plan = std::move(kept);
}

// ---- plainer ----

constexpr LatencyModel millisecond{LatencyModel::Shape::constant, milliseconds(1), Duration(0)};

using Change = void (*)(Scenario&);

void plain_link(Scenario& scenario) { scenario.link = LinkOptions(millisecond); }
void same_latency(Scenario& scenario) {
  LinkOptions link = LinkOptions(millisecond);
  if (scenario.link) link.latency.base = rounded_up(scenario.link->latency.base, milliseconds(1));
  scenario.link = link;
}
void no_ills(Scenario& scenario) {
  if (!scenario.link) return;
  const LatencyModel latency = scenario.link->latency;
  scenario.link = LinkOptions(latency);
}
void lossless(Scenario& scenario) {
  if (scenario.link) scenario.link->loss_ppm = 0;
}
void without_duplicates(Scenario& scenario) {
  if (scenario.link) scenario.link->duplicate_ppm = 0;
}
void in_order(Scenario& scenario) {
  if (scenario.link) scenario.link->reorder_ppm = 0;
}
void unlimited_bandwidth(Scenario& scenario) {
  if (scenario.link) scenario.link->bandwidth_bytes_per_second = 0;
}
void named_layout(Scenario& scenario) { scenario.layout_drawn = false; }
void heal_all(Scenario& scenario) {
  scenario.heal = Heal::all;
  scenario.broken.clear();
}
void no_buggify(Scenario& scenario) { scenario.buggify = false; }
void usual_kernels(Scenario& scenario) { scenario.usual_kernels = true; }
void fifo(Scenario& scenario) { scenario.order = ReadyOrder::fifo; }
void random_order(Scenario& scenario) {
  if (scenario.order != ReadyOrder::fifo) scenario.order = ReadyOrder::random;
}
void no_link_rules(Scenario& scenario) { scenario.links.clear(); }
void all_of_it(Scenario& scenario) {
  for (const Change change : {&named_layout, &heal_all, &no_buggify, &usual_kernels, &fifo,
                              &no_link_rules, &plain_link}) {
    change(scenario);
  }
}

constexpr Change changes[] = {all_of_it,     named_layout,       heal_all,           no_buggify,
                              usual_kernels, plain_link,         same_latency,       no_ills,
                              lossless,      without_duplicates, in_order,           fifo,
                              random_order,  no_link_rules,      unlimited_bandwidth};

}  // namespace

FailingCases smaller_parameter(const Origin& origin, const FailingCase& from, std::size_t index) {
  FailingCases cases;
  const Parameter& parameter = from.scenario.parameters.all()[index];
  const auto add = [&](std::int64_t value) {
    Parameter chosen = parameter;
    chosen.value = value;
    Scenario scenario = from.scenario;
    if (!scenario.parameters.set(chosen.name, value_text(chosen))) return;
    add_moved(cases, origin, scenario, from);
  };
  if (parameter.kind == Parameter::Kind::count) {
    for (const std::int64_t value : lower_values(parameter)) add(value);
    return cases;
  }
  const auto declared =
      std::ranges::find(origin.world.parameters, parameter.name, &Parameter::name);
  const bool known = declared != origin.world.parameters.end();
  if (known && declared->value != parameter.value) add(declared->value);
  return cases;
}

FailingCases shorter(const FailingCase& from, Duration broke_at) {
  const Duration duration = from.scenario.duration;
  Duration last_end{0};
  for (const Fault& fault : from.plan) last_end = std::max(last_end, fault.at + fault.lasting);
  std::set<Duration> durations{seconds(1), seconds(2), seconds(3), seconds(5), seconds(10)};
  for (const Duration time :
       {last_end, last_end + Duration(1), broke_at + Duration(1), duration / 2, duration / 4 * 3}) {
    durations.insert(std::max<Duration>(rounded_up(time, seconds(1)), seconds(1)));
  }
  FailingCases cases;
  for (const Duration shorter_one : durations) {
    if (shorter_one >= duration) break;
    cases.push_back(from);
    cut_to(cases.back(), shorter_one);
  }
  return cases;
}

FailingCases earlier(const FailingCase& from) {
  // What stands at 0s stays there.
  Duration first = from.scenario.duration;
  for (const Fault& fault : from.plan) {
    if (fault.at.count() > 0) first = std::min(first, fault.at);
  }
  if (first == from.scenario.duration) return {};
  std::set<Duration, std::greater<>> shifts;
  for (const Duration unit : {Duration(seconds(1)), Duration(milliseconds(1))}) {
    for (const Duration shift : {first, first / 2, first / 4 * 3, first - seconds(1)}) {
      const Duration rounded = shift - shift % unit;
      if (rounded.count() > 0) shifts.insert(rounded);
    }
  }
  FailingCases cases;
  for (const Duration shift : shifts) {
    FailingCase& moved = cases.emplace_back(from);
    for (Fault& fault : moved.plan) fault.at -= std::min(shift, fault.at);
    const Duration whole = shift - shift % seconds(1);
    moved.scenario.duration = std::max<Duration>(moved.scenario.duration - whole, seconds(1));
    moved.scene.duration = moved.scenario.duration;
  }
  return cases;
}

FailingCases plainer(const Origin& origin, const FailingCase& from) {
  FailingCases cases;
  for (const Change change : changes) {
    Scenario scenario = from.scenario;
    change(scenario);
    if (scenario == from.scenario) continue;
    if (auto moved = moved_to(origin.world, std::move(scenario), origin.seed, from, false)) {
      cases.push_back(std::move(*moved));
    }
  }
  for (std::size_t index = 0;
       from.scenario.broken.size() > 1 && index < from.scenario.broken.size(); ++index) {
    FailingCase fewer = from;
    auto& broken = fewer.scenario.broken;
    broken.erase(broken.begin() + static_cast<std::ptrdiff_t>(index));
    cases.push_back(std::move(fewer));
  }
  return cases;
}

}  // namespace piccolo::sim
