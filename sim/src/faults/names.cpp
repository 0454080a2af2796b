// Lookups of a host's name go wrong: not found, not answered, late, or leading elsewhere.

#include "rules.hpp"

namespace piccolo {
namespace {

enum Form : std::uint8_t { unknown, unanswered, late, moved };

constexpr std::string_view forms[] = {
    "name {host} is unknown for {for}", "name {host} is not answered for {for}",
    "name {host} is answered {by} late for {for}", "name {host} leads to {host} for {for}"};

constexpr Duration shortest = std::chrono::milliseconds(10);
constexpr Duration longest = std::chrono::seconds(3);

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.form = static_cast<std::uint8_t>(draws.below(4));
  if (fault.form == moved && scene.hosts.size() < 2) fault.form = unknown;
  if (fault.form == moved) return draw_two_hosts(fault, scene, draws);
  fault.subjects = {draw_host(scene, draws)};
  if (fault.form == late) fault.by = draws.between(shortest, longest);
}

void heal(World& world, const Fault& fault) { world.restore_name(fault.subjects[0]); }

Heal strike(World& world, const Fault& fault) {
  const HostId host = fault.subjects[0];
  if (fault.form == unknown) world.hide_name(host);
  if (fault.form == unanswered) world.silence_name(host);
  if (fault.form == late) world.slow_name(host, fault.by);
  if (fault.form == moved) world.move_name(host, fault.subjects[1]);
  return heal;
}

}  // namespace

const FaultRules names_rules{.kind = FaultKind::names,
                             .forms = forms,
                             .draw = draw,
                             .strike = strike,
                             .claims = first_subject};

}  // namespace piccolo
