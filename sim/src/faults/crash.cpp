// A process is killed, and started again later.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"kill {process}, restart in {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_process(scene, draws)};
}

Heal strike(World& world, const Fault& fault) {
  const ProcessId process = fault.subjects[0];
  world.kill(process);
  return [&world, process] { world.start(process); };
}

}  // namespace

const FaultRules crash_rules{.kind = FaultKind::crash,
                             .forms = forms,
                             .draw = draw,
                             .strike = strike,
                             .claims = first_subject};

}  // namespace piccolo
