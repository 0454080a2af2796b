// A link keeps everything back for a while, and then lets it go at once.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"hold {host} -> {host} for {for}",
                                      "hold {host} <-> {host} for {for}"};

void heal(World& world, const Fault& fault) {
  for_each_direction(fault, [&](HostId from, HostId to) { world.release(from, to); });
}

Heal strike(World& world, const Fault& fault) {
  for_each_direction(fault, [&](HostId from, HostId to) { world.hold(from, to); });
  return heal;
}

}  // namespace

const FaultRules hold_rules{
    .kind = FaultKind::hold, .forms = forms, .draw = draw_link, .strike = strike, .hosts_min = 2};

}  // namespace piccolo
