// Links lose everything: one, a pair, those of one host, between two sides, or all but a ring.

#include "rules.hpp"

namespace piccolo {
namespace {

enum Form : std::uint8_t { cut, pair, isolate, split, ring };

constexpr std::string_view forms[] = {
    "cut {host} -> {host} for {for}", "partition {host} <-> {host} for {for}",
    "isolate {host} for {for}", "split {hosts} from the others for {for}",
    "leave only a ring for {for}"};

constexpr std::size_t ring_min = 4;

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  constexpr Form choice[] = {cut, pair, isolate, isolate, split, ring};
  fault.form = choice[draws.below(std::size(choice))];
  if (fault.form == ring && scene.hosts.size() < ring_min) fault.form = isolate;
  if (fault.form == cut || fault.form == pair) draw_two_hosts(fault, scene, draws);
  if (fault.form == isolate) fault.subjects = {draw_host(scene, draws)};
  if (fault.form == split) fault.subjects = draw_hosts(scene, scene.hosts.size() - 1, draws);
}

void heal_cut(World& world, const Fault& fault) {
  world.mend(fault.subjects[0], fault.subjects[1]);
}
void heal_pair(World& world, const Fault& fault) {
  world.heal(fault.subjects[0], fault.subjects[1]);
}
void heal_ring(World& world, const Fault&) { world.heal_ring(); }
void heal_split(World& world, const Fault& fault) { world.unite(fault.subjects); }

Heal strike(World& world, const Fault& fault) {
  const auto& subjects = fault.subjects;
  switch (fault.form) {
    case cut:
      world.cut(subjects[0], subjects[1]);
      return heal_cut;
    case pair:
      world.partition(subjects[0], subjects[1]);
      return heal_pair;
    case ring:
      world.leave_ring();
      return heal_ring;
    default:
      world.split(subjects);
      return heal_split;
  }
}

std::string complain(const Fault& fault, const FaultScene& scene) {
  const std::size_t hosts = scene.hosts.size();
  if (fault.form == ring && hosts < ring_min) {
    return "a ring needs at least 4 hosts, and there are " + std::to_string(hosts) +
           "; isolate or partition some of them";
  }
  if (fault.subjects.size() == hosts && fault.form == split) {
    return "a split needs hosts on both sides; name fewer of them";
  }
  return {};
}

}  // namespace

const FaultRules partition_rules{.kind = FaultKind::partition,
                                 .forms = forms,
                                 .draw = draw,
                                 .strike = strike,
                                 .complain = complain,
                                 .hosts_min = 2};

}  // namespace piccolo
