#include "piccolo/sim/fault_plan.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "fault_strength.hpp"
#include "faults/rules.hpp"
#include "piccolo/core/assert.hpp"
#include "piccolo/core/random.hpp"

namespace piccolo {
namespace {

// Faults of one moment stay in the order in which they were made.
FaultPlan in_order_of_time(std::vector<Fault> faults) {
  std::vector<std::pair<Duration, std::size_t>> order;
  order.reserve(faults.size());
  for (const Fault& fault : faults) order.emplace_back(fault.at, order.size());
  std::sort(order.begin(), order.end());
  FaultPlan plan;
  plan.reserve(faults.size());
  for (const auto& [at, index] : order) plan.push_back(std::move(faults[index]));
  return plan;
}

// When faults of a kind begin: both ends are included.
struct Window {
  Duration first;
  Duration last;
  Duration length() const noexcept { return last - first + Duration(1); }
};

std::optional<Window> window_of(const KindProfile& profile, Duration duration) {
  const Window window{profile.from,
                      std::min(profile.until - Duration(1), duration - shortest_fault)};
  if (window.last < window.first) return std::nullopt;
  return window;
}

Fault draw_fault(const FaultScene& scene, FaultKind kind, const Window& window,
                 const Strength& strength, Draws draws) {
  Fault fault;
  fault.kind = kind;
  fault.at = draws.between(window.first, window.last);
  fault.lasting = draw_lasting(strength, scene.duration - fault.at, draws);
  rules_of(kind).draw(fault, scene, draws);
  if (form_of(fault).find("{for}") == std::string_view::npos) fault.lasting = Duration(0);
  return fault;
}

// Without those that contradict an earlier one, of which every draw stands as it is.
std::vector<Fault> draw_kind(const FaultScene& scene, FaultKind kind, const FaultProfile& profile,
                             const Random& random) {
  const KindProfile& of_kind = profile.of(kind);
  PICCOLO_ASSERT(complaint_about(of_kind).empty(), "faults were drawn with an impossible profile");
  std::vector<Fault> faults;
  const auto window = window_of(of_kind, scene.duration);
  if (!window) return faults;
  const auto index = static_cast<std::uint64_t>(kind);
  Draws draws = random.stream("count", index);
  const Strength strength = draw_strength(of_kind, profile.swarm, draws);
  const std::uint64_t count = draw_count(strength, window->length(), draws);
  const Random subject = random.child("kind", index);
  for (std::uint64_t number = 0; number < count; ++number) {
    Fault fault = draw_fault(scene, kind, *window, strength, subject.stream("fault", number));
    const bool fits = std::none_of(faults.begin(), faults.end(), [&](const Fault& other) {
      return contradict(other, fault, scene);
    });
    if (fits) faults.push_back(std::move(fault));
  }
  return faults;
}

}  // namespace

FaultPlan draw_fault_plan(const FaultScene& scene, const FaultSet& kinds, std::uint64_t seed,
                          const FaultProfile& profile) {
  std::vector<Fault> faults;
  if (scene.duration < 2 * shortest_fault) return faults;
  const Random random = Random(seed).child("fault plan");
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    if (!kinds.has(kind) || scene.hosts.size() < rules_of(kind).hosts_min) continue;
    for (Fault& fault : draw_kind(scene, kind, profile, random)) faults.push_back(std::move(fault));
  }
  return in_order_of_time(std::move(faults));
}

std::expected<FaultPlan, std::string> parse_fault_plan(std::span<const ListedFault> lines,
                                                       const FaultScene& scene) {
  FaultPlan plan;
  for (const ListedFault& listed : lines) {
    auto fault = parse_fault(listed.line, scene);
    if (!fault) return std::unexpected(listed.place + ": " + fault.error());
    for (std::size_t before = 0; before < plan.size(); ++before) {
      const std::string why = contradiction(plan[before], *fault, scene);
      if (why.empty()) continue;
      return std::unexpected(listed.place + ": " + why + ", by " + lines[before].place +
                             "; let one end before the other begins");
    }
    plan.push_back(std::move(*fault));
  }
  return in_order_of_time(std::move(plan));
}

namespace {

using Note = std::function<void(std::string_view)>;

// What the script's actions for one plan share.
struct Script;

// Of one fault of the plan, from its place in the script on.
struct Scheduled {
  Scheduled(Script& of, Fault&& what) : script(of), fault(std::move(what)) {}
  void strike();
  void end();

  Script& script;
  Fault fault;
  bool struck = false;
  Heal heal;
};

struct Script {
  World& world;
  // Most runs are told to nobody: the words are not made before they are needed.
  std::function<void(std::string_view, const Fault&)> tell;
  std::shared_ptr<const bool> called_off;
  std::vector<Scheduled> faults;  // reserved: the actions know their places
};

void Scheduled::strike() {
  if (script.called_off && *script.called_off) return;
  if (script.tell) script.tell("", fault);
  struck = true;
  heal = rules_of(fault.kind).strike(script.world, fault);
}

void Scheduled::end() {
  if (!struck) return;
  if (script.tell) script.tell("over: ", fault);
  if (heal) heal(script.world, fault);
}

}  // namespace

void schedule(World& world, FaultPlan plan, const FaultScene& scene, const Note& note,
              const std::shared_ptr<const bool>& called_off) {
  const auto script = std::make_shared<Script>(Script{world, nullptr, called_off, {}});
  if (note) {
    script->tell = [note, scene](std::string_view before, const Fault& fault) {
      note(std::string(before) + describe(fault, scene));
    };
  }
  script->faults.reserve(plan.size());
  for (Fault& each : plan) {
    Scheduled* const scheduled = &script->faults.emplace_back(*script, std::move(each));
    const Fault& fault = scheduled->fault;
    // The world keeps its actions to its end, all of them: the first keeps the script for the rest.
    if (script->faults.size() == 1) {
      world.at(TimePoint(fault.at), [script] { script->faults.front().strike(); });
    } else {
      world.at(TimePoint(fault.at), [scheduled] { scheduled->strike(); });
    }
    if (fault.lasting.count() == 0) continue;
    world.at(TimePoint(fault.at + fault.lasting), [scheduled] { scheduled->end(); });
  }
}

Duration aftermath(const FaultPlan& plan) noexcept {
  Duration longest_answer{0};
  for (const Fault& fault : plan) {
    if (fault.kind == FaultKind::names) longest_answer = std::max(longest_answer, fault.by);
  }
  return longest_answer;
}

}  // namespace piccolo
