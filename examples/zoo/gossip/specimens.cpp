#include <fmt/format.h>

#include "gossip/beliefs.hpp"
#include "gossip/member.hpp"
#include "piccolo/sim/simulation.hpp"
#include "twins.hpp"

namespace piccolo::zoo {
namespace {

constexpr std::uint16_t gossip_port = 7946;
constexpr Duration convergence = std::chrono::seconds(30);

// Pairs of members of the core and any, of which that is not so which should be; the first of them.
struct Judge {
  sim::Simulation& sim;
  const Beliefs& beliefs;
  std::vector<HostId> hosts;

  std::string first_error(bool about_the_core) const {
    for (std::size_t who = 0; who < hosts.size(); ++who) {
      if (!sim.in_core(hosts[who])) continue;
      for (std::size_t about = 0; about < hosts.size(); ++about) {
        if (about == who || sim.in_core(hosts[about]) != about_the_core) continue;
        const bool alive = beliefs.runs(who) && beliefs.of(who, about) == Health::alive;
        if (alive == about_the_core) continue;
        return fmt::format("n{} takes n{} for {}", who + 1, about + 1,
                           about_the_core ? "dead, or about to be" : "alive");
      }
    }
    return {};
  }
};

void watch(sim::Simulation& sim, Beliefs& beliefs, const std::vector<HostId>& hosts) {
  sim.world().add_observer(beliefs);
  const Judge judge{sim, beliefs, hosts};
  sim.eventually(
      "the living are taken for alive", convergence,
      [judge] { return judge.first_error(true).empty(); },
      [judge] { return judge.first_error(true); });
  // Those that are cut off, deaf, without power: whoever does not answer.
  sim.eventually(
      "the silent are suspected", convergence, [judge] { return judge.first_error(false).empty(); },
      [judge] { return judge.first_error(false); });
  sim.always(
      "the dead are suspected", [&beliefs] { return beliefs.overlooked().empty(); },
      [&beliefs] { return beliefs.overlooked(); });
  sim.sometimes("a member is declared dead", [&beliefs, count = hosts.size()] {
    for (std::size_t who = 0; who < count; ++who) {
      for (std::size_t about = 0; about < count; ++about) {
        if (beliefs.of(who, about) == Health::dead) return true;
      }
    }
    return false;
  });
}

void build(sim::Simulation& sim, GossipMistake mistake) {
  const auto members = static_cast<std::size_t>(sim.parameters().count("members"));
  std::vector<HostId> hosts;
  Group group;
  group.mistake = mistake;
  for (std::size_t member = 1; member <= members; ++member) {
    hosts.push_back(sim.add_host(fmt::format("n{}", member)));
    group.members.emplace_back(sim.world().host_address(hosts.back()), gossip_port);
  }
  auto& beliefs = sim.keep<Beliefs>(members);
  for (group.self = 0; group.self < members; ++group.self) {
    sim.add_node(hosts[group.self], sim.world().host_name(hosts[group.self]),
                 [group, &beliefs](Env& env) { return run_member(env, group, beliefs); });
  }
  watch(sim, beliefs, hosts);
  if (mistake != GossipMistake::no_refutation) sim.sometimes("a member denies its death");
  sim.core_of(2);
}

Specimen specimen(std::string name, std::string about, std::string invariant, std::int64_t members,
                  GossipMistake mistake) {
  sim::WorldDescription world;
  world.name = std::move(name);
  world.about = std::move(about);
  world.parameters = {sim::Parameter::count("members", "Members of the group", members, 2, 16)};
  world.duration = std::chrono::seconds(20);
  // Those that could not bite: they are about streams, names, the wall clock, and sockets that a
  // program opens after its start.
  world.faults = all_but("-refuse,-hup,-port-taken,-short-io,-names,-clock-step,-no-descriptors");
  return twins(std::move(world), std::move(invariant), mistake, build);
}

}  // namespace

std::vector<Specimen> gossip_specimens() {
  return {specimen("gossip.no-refutation", "a member that hears of its death does not deny it",
                   "the living are taken for alive", 5, GossipMistake::no_refutation),
          specimen("gossip.stale-incarnation",
                   "the death of an earlier incarnation outweighs the life of a later one",
                   "the living are taken for alive", 5, GossipMistake::stale_incarnation),
          // Few, so that what befalls a link and who dies soon have to do with each other.
          specimen("gossip.any-ack",
                   "acknowledgements are counted, the late and the doubled ones as well",
                   "the dead are suspected", 3, GossipMistake::any_ack)};
}

}  // namespace piccolo::zoo
