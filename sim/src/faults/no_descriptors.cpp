// A process has no file descriptor left for a while.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"{process} has no descriptors for {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_process(scene, draws)};
}

Heal strike(World& world, const Fault& fault) {
  const ProcessId process = fault.subjects[0];
  world.exhaust_descriptors(process);
  return [&world, process] { world.free_descriptors(process); };
}

}  // namespace

const FaultRules no_descriptors_rules{.kind = FaultKind::no_descriptors,
                                      .forms = forms,
                                      .draw = draw,
                                      .strike = strike,
                                      .claims = first_subject};

}  // namespace piccolo
