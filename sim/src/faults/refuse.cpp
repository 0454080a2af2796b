// A host refuses all connects for a while.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"{host} refuses connections for {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_host(scene, draws)};
}

Heal strike(World& world, const Fault& fault) {
  const HostId host = fault.subjects[0];
  world.refuse_connects(host);
  return [&world, host] { world.accept_connects(host); };
}

}  // namespace

const FaultRules refuse_rules{
    .kind = FaultKind::refuse, .forms = forms, .draw = draw, .strike = strike};

}  // namespace piccolo
