// A link, or a pair of them, is slower by a drawn time.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"delay {host} -> {host} by {by} for {for}",
                                      "delay {host} <-> {host} by {by} for {for}"};

constexpr Duration shortest = std::chrono::milliseconds(10);
constexpr Duration longest = std::chrono::seconds(3);

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  draw_link(fault, scene, draws);
  fault.by = draws.between(shortest, longest);
}

void heal(World& world, const Fault& fault) {
  for_each_direction(fault,
                     [&](HostId from, HostId to) { world.remove_delay(from, to, fault.by); });
}

Heal strike(World& world, const Fault& fault) {
  for_each_direction(fault, [&](HostId from, HostId to) { world.add_delay(from, to, fault.by); });
  return heal;
}

}  // namespace

const FaultRules delay_rules{
    .kind = FaultKind::delay, .forms = forms, .draw = draw, .strike = strike, .hosts_min = 2};

}  // namespace piccolo
