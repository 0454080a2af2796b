// A link loses a drawn share of its packets.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"lose {percent}% {host} -> {host} for {for}",
                                      "lose {percent}% {host} <-> {host} for {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  constexpr std::int64_t percent = 10'000;  // ppm
  draw_link(fault, scene, draws);
  fault.amount = percent * static_cast<std::int64_t>(draws.between(1, 60));
}

void heal(World& world, const Fault& fault) {
  for_each_direction(fault,
                     [&](HostId from, HostId to) { world.remove_loss(from, to, ppm_of(fault)); });
}

Heal strike(World& world, const Fault& fault) {
  for_each_direction(fault,
                     [&](HostId from, HostId to) { world.add_loss(from, to, ppm_of(fault)); });
  return heal;
}

}  // namespace

const FaultRules loss_rules{
    .kind = FaultKind::loss, .forms = forms, .draw = draw, .strike = strike, .hosts_min = 2};

}  // namespace piccolo
