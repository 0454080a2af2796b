// A host's kernel moves fewer bytes at a time than it could.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"short reads and writes on {host} for {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_host(scene, draws)};
}

Heal strike(World& world, const Fault& fault) {
  const HostId host = fault.subjects[0];
  world.shorten_io(host);
  return [&world, host] { world.restore_io(host); };
}

}  // namespace

const FaultRules short_io_rules{
    .kind = FaultKind::short_io, .forms = forms, .draw = draw, .strike = strike};

}  // namespace piccolo
