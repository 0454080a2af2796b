// A machine loses power with all it ran; when it is back, all of that is started anew.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"power off {host}, back in {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_host(scene, draws)};
}

void heal(World& world, const Fault& fault) {
  const HostId host = fault.subjects[0];
  world.power_on(host);
  for (ProcessId process = 0; process < world.process_count(); ++process) {
    if (world.process_host(process) == host) world.start(process);
  }
}

Heal strike(World& world, const Fault& fault) {
  world.power_off(fault.subjects[0]);
  return heal;
}

}  // namespace

const FaultRules power_loss_rules{.kind = FaultKind::power_loss,
                                  .forms = forms,
                                  .draw = draw,
                                  .strike = strike,
                                  .claims = first_subject};

}  // namespace piccolo
