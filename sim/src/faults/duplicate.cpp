// A link delivers a drawn share of its packets twice.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"duplicate {percent}% {host} -> {host} for {for}",
                                      "duplicate {percent}% {host} <-> {host} for {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  constexpr std::int64_t percent = 10'000;  // ppm
  draw_link(fault, scene, draws);
  fault.amount = percent * static_cast<std::int64_t>(draws.between(1, 100));
}

void heal(World& world, const Fault& fault) {
  for_each_direction(
      fault, [&](HostId from, HostId to) { world.remove_duplication(from, to, ppm_of(fault)); });
}

Heal strike(World& world, const Fault& fault) {
  for_each_direction(
      fault, [&](HostId from, HostId to) { world.add_duplication(from, to, ppm_of(fault)); });
  return heal;
}

}  // namespace

const FaultRules duplicate_rules{
    .kind = FaultKind::duplicate, .forms = forms, .draw = draw, .strike = strike, .hosts_min = 2};

}  // namespace piccolo
