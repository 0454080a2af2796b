// A process is stopped, and goes on later; its kernel goes on all the time.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"pause {process} for {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_process(scene, draws)};
}

void heal(World& world, const Fault& fault) { world.resume(fault.subjects[0]); }

Heal strike(World& world, const Fault& fault) {
  world.pause(fault.subjects[0]);
  return heal;
}

}  // namespace

const FaultRules pause_rules{.kind = FaultKind::pause,
                             .forms = forms,
                             .draw = draw,
                             .strike = strike,
                             .claims = first_subject};

}  // namespace piccolo
