// A host's wall clock jumps, forwards or backwards, and stays there.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"step the wall clock of {host} by {step}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_host(scene, draws)};
  // From a leap second to a wrong time zone, and beyond.
  Duration most = std::chrono::milliseconds(10);
  for (std::uint64_t step = draws.below(6); step > 0; --step) most *= 30;
  fault.by = draws.between(most / 10, most);
  if (draws.chance(1, 2)) fault.by = -fault.by;
}

Heal strike(World& world, const Fault& fault) {
  world.step_wall_clock(fault.subjects[0], fault.by);
  return {};
}

std::string complain(const Fault& fault, const FaultScene&) {
  return fault.by.count() == 0 ? "a step of 0s does nothing; give a time such as 3s or -3s" : "";
}

}  // namespace

const FaultRules clock_step_rules{.kind = FaultKind::clock_step,
                                  .forms = forms,
                                  .draw = draw,
                                  .strike = strike,
                                  .complain = complain};

}  // namespace piccolo
