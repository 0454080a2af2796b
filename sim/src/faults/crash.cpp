// A process is killed, and started again later.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"kill {process}, restart in {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_process(scene, draws)};
}

void heal(World& world, const Fault& fault) { world.start(fault.subjects[0]); }

Heal strike(World& world, const Fault& fault) {
  world.kill(fault.subjects[0]);
  return heal;
}

}  // namespace

const FaultRules crash_rules{.kind = FaultKind::crash,
                             .forms = forms,
                             .draw = draw,
                             .strike = strike,
                             .claims = first_subject};

}  // namespace piccolo
