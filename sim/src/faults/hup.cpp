// One established stream between two hosts, or within one, is hung up on. The run decides which.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"hang up (RST) on a stream {host} <-> {host} #{pick}",
                                      "hang up (FIN) on a stream {host} <-> {host} #{pick}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.form = static_cast<std::uint8_t>(draws.below(2));
  const std::uint32_t one = draw_host(scene, draws);
  fault.subjects = {one, draw_host(scene, draws)};
  fault.pick = draws.next();
}

Heal strike(World& world, const Fault& fault) {
  const HangUp how = fault.form == 0 ? HangUp::reset : HangUp::end_of_stream;
  world.hang_up(fault.subjects[0], fault.subjects[1], how, fault.pick);
  return {};
}

}  // namespace

const FaultRules hup_rules{.kind = FaultKind::hup, .forms = forms, .draw = draw, .strike = strike};

}  // namespace piccolo
