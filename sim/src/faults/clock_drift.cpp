// A host's clocks run too fast or too slow for a while.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"drift the clock of {host} by {ppm}ppm for {for}"};

constexpr std::int64_t most = 100'000;  // ppm

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_host(scene, draws)};
  const auto drawn = static_cast<std::int64_t>(draws.between(1, most));
  fault.amount = draws.chance(1, 2) ? drawn : -drawn;
}

void heal(World& world, const Fault& fault) { world.drift_clock(fault.subjects[0], 0); }

Heal strike(World& world, const Fault& fault) {
  world.drift_clock(fault.subjects[0], static_cast<std::int32_t>(fault.amount));
  return heal;
}

std::string complain(const Fault& fault, const FaultScene&) {
  if (fault.amount == 0) return "a drift of 0ppm does nothing; give one such as 20000ppm";
  if (fault.amount < -most || fault.amount > most) {
    return "a clock drifts by -100000ppm to 100000ppm; give one such as 20000ppm";
  }
  return {};
}

}  // namespace

const FaultRules clock_drift_rules{.kind = FaultKind::clock_drift,
                                   .forms = forms,
                                   .draw = draw,
                                   .strike = strike,
                                   .claims = first_subject,
                                   .complain = complain};

}  // namespace piccolo
