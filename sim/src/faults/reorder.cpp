// A link holds a drawn share of its packets back, so that others overtake them.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {
    "reorder {percent}% {host} -> {host} by up to {by} for {for}",
    "reorder {percent}% {host} <-> {host} by up to {by} for {for}"};

constexpr Duration shortest = std::chrono::milliseconds(1);
constexpr Duration longest = std::chrono::milliseconds(500);

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  constexpr std::int64_t percent = 10'000;  // ppm
  draw_link(fault, scene, draws);
  fault.amount = percent * static_cast<std::int64_t>(draws.between(1, 100));
  fault.by = draws.between(shortest, longest);
}

void heal(World& world, const Fault& fault) {
  for_each_direction(fault, [&](HostId from, HostId to) {
    world.remove_reordering(from, to, ppm_of(fault), fault.by);
  });
}

Heal strike(World& world, const Fault& fault) {
  for_each_direction(fault, [&](HostId from, HostId to) {
    world.add_reordering(from, to, ppm_of(fault), fault.by);
  });
  return heal;
}

}  // namespace

const FaultRules reorder_rules{
    .kind = FaultKind::reorder, .forms = forms, .draw = draw, .strike = strike, .hosts_min = 2};

}  // namespace piccolo
