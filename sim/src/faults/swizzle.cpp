// Some hosts are cut off one by one, and come back in another order. The pick holds the moments.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"swizzle {hosts} for {for} #{pick}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = draw_hosts(scene, scene.hosts.size(), draws);
  fault.pick = draws.next();
}

Heal strike(World& world, const Fault& fault) {
  world.swizzle(fault.subjects, fault.lasting, fault.pick);
  return {};  // it heals itself, step by step, by the end
}

}  // namespace

const FaultRules swizzle_rules{
    .kind = FaultKind::swizzle, .forms = forms, .draw = draw, .strike = strike, .hosts_min = 2};

}  // namespace piccolo
