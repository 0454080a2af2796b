// A host refuses all connects for a while, or one of them, by its number: what is listed so means
// the same whenever that connect comes.

#include "rules.hpp"

namespace piccolo {
namespace {

// The second is never drawn.
enum Form : std::uint8_t { all, one };

constexpr std::string_view forms[] = {"{host} refuses connections for {for}",
                                      "refuse connect {nth} from {host} to {host}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.subjects = {draw_host(scene, draws)};
}

void heal(World& world, const Fault& fault) { world.accept_connects(fault.subjects[0]); }

Heal strike(World& world, const Fault& fault) {
  const HostId host = fault.subjects[0];
  if (fault.form == one) {
    world.refuse_connect(host, fault.subjects[1], static_cast<std::uint64_t>(fault.amount));
    return {};
  }
  world.refuse_connects(host);
  return heal;
}

}  // namespace

const FaultRules refuse_rules{
    .kind = FaultKind::refuse, .forms = forms, .draw = draw, .strike = strike};

}  // namespace piccolo
