// A process has no file descriptor left for a while.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"{process} has no descriptors for {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_process(scene, draws)};
}

void heal(World& world, const Fault& fault) { world.free_descriptors(fault.subjects[0]); }

Heal strike(World& world, const Fault& fault) {
  world.exhaust_descriptors(fault.subjects[0]);
  return heal;
}

}  // namespace

const FaultRules no_descriptors_rules{.kind = FaultKind::no_descriptors,
                                      .forms = forms,
                                      .draw = draw,
                                      .strike = strike,
                                      .claims = first_subject};

}  // namespace piccolo
