// A host's kernel moves fewer bytes at a time than it could.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"short reads and writes on {host} for {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_host(scene, draws)};
}

void heal(World& world, const Fault& fault) { world.restore_io(fault.subjects[0]); }

Heal strike(World& world, const Fault& fault) {
  world.shorten_io(fault.subjects[0]);
  return heal;
}

}  // namespace

const FaultRules short_io_rules{
    .kind = FaultKind::short_io, .forms = forms, .draw = draw, .strike = strike};

}  // namespace piccolo
