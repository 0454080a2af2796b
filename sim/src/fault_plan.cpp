#include "piccolo/sim/fault_plan.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "faults/rules.hpp"
#include "piccolo/core/random.hpp"

namespace piccolo {
namespace {

constexpr Duration shortest = std::chrono::milliseconds(10);
constexpr Duration longest = std::chrono::seconds(10);

// At most this many of a kind in each ten seconds.
constexpr std::uint64_t most_per_ten_seconds = 2;

// Faults of one moment stay in the order in which they were made.
FaultPlan in_order_of_time(std::vector<Fault> faults) {
  FaultPlan plan;
  plan.reserve(faults.size());
  for (Fault& fault : faults) {
    const auto place =
        std::upper_bound(plan.begin(), plan.end(), fault.at,
                         [](const Duration& at, const Fault& other) { return at < other.at; });
    plan.insert(place, std::move(fault));
  }
  return plan;
}

// Durations are spread evenly over magnitudes: a short cut loses a segment, a long one a stream.
Duration draw_lasting(Draws& draws, Duration most) {
  const std::uint64_t magnitude = draws.below(4);
  Duration low = shortest;
  for (std::uint64_t step = 0; step < magnitude; ++step) low *= 6;
  return std::min({draws.between(low, low * 6), longest, most});
}

Fault draw_fault(const FaultScene& scene, FaultKind kind, Draws draws) {
  Fault fault;
  fault.kind = kind;
  fault.at = draws.between(Duration(0), scene.duration - shortest);
  fault.lasting = draw_lasting(draws, scene.duration - fault.at);
  rules_of(kind).draw(fault, scene, draws);
  if (form_of(fault).find("{for}") == std::string_view::npos) fault.lasting = Duration(0);
  return fault;
}

// How many of a kind: of most seeds, none, so that those that a seed has are seen by themselves and
// in pairs, and not only all at once ("Swarm testing", Groce and others, 2012).
std::uint64_t draw_count(const FaultScene& scene, Draws draws) {
  const auto tens = static_cast<std::uint64_t>(scene.duration / std::chrono::seconds(10));
  const bool some = draws.chance(2, 5);
  const std::uint64_t count = draws.between(1, most_per_ten_seconds * (tens + 1));
  return some ? count : 0;
}

// Without those that contradict an earlier one, of which every draw stands as it is.
std::vector<Fault> draw_kind(const FaultScene& scene, FaultKind kind, const Random& random) {
  const auto index = static_cast<std::uint64_t>(kind);
  const std::uint64_t count = draw_count(scene, random.stream("count", index));
  const Random of_kind = random.child("kind", index);
  std::vector<Fault> faults;
  for (std::uint64_t number = 0; number < count; ++number) {
    Fault fault = draw_fault(scene, kind, of_kind.stream("fault", number));
    const bool fits = std::none_of(faults.begin(), faults.end(), [&](const Fault& other) {
      return !contradiction(other, fault, scene).empty();
    });
    if (fits) faults.push_back(std::move(fault));
  }
  return faults;
}

}  // namespace

FaultPlan draw_fault_plan(const FaultScene& scene, const FaultSet& kinds, std::uint64_t seed) {
  std::vector<Fault> faults;
  if (scene.duration < 2 * shortest) return faults;
  const Random random = Random(seed).child("fault plan");
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    if (!kinds.has(kind) || scene.hosts.size() < rules_of(kind).hosts_min) continue;
    for (Fault& fault : draw_kind(scene, kind, random)) faults.push_back(std::move(fault));
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

void schedule(World& world, const FaultPlan& plan, const FaultScene& scene,
              const std::function<void(std::string_view)>& note) {
  for (const Fault& fault : plan) {
    const auto heal = std::make_shared<Heal>();
    const std::string text = describe(fault, scene);
    world.at(TimePoint(fault.at), [&world, fault, text, note, heal] {
      if (note) note(text);
      *heal = rules_of(fault.kind).strike(world, fault);
    });
    if (fault.lasting.count() == 0) continue;
    world.at(TimePoint(fault.at + fault.lasting), [text, note, heal] {
      if (note) note("over: " + text);
      if (*heal) (*heal)();
    });
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
