#include <fmt/format.h>

#include <string>
#include <utility>

#include "register/counter.hpp"
#include "register/primary_backup.hpp"
#include "register/quorum_register.hpp"
#include "register/view_service.hpp"
#include "register/workload.hpp"
#include "zoo.hpp"

namespace piccolo::zoo {
namespace {

using sim::Parameter;
using sim::Simulation;
using std::chrono::seconds;

constexpr std::uint16_t port = 7000;

Parameter clients_parameter() {
  return Parameter::count("clients", "Clients that put and get", 3, 1, 16);
}

std::vector<HostId> add_hosts(Simulation& sim, std::size_t count) {
  std::vector<HostId> hosts;
  for (std::size_t number = 1; number <= count; ++number) {
    hosts.push_back(sim.add_host(fmt::format("n{}", number)));
  }
  return hosts;
}

std::vector<Endpoint> endpoints(Simulation& sim, const std::vector<HostId>& hosts) {
  std::vector<Endpoint> result;
  for (const HostId host : hosts) result.emplace_back(sim.world().host_address(host), port);
  return result;
}

void build_quorum(Simulation& sim, QuorumMistake mistake) {
  const auto replicas = static_cast<std::size_t>(sim.parameters().count("replicas"));
  const std::vector<HostId> hosts = add_hosts(sim, replicas);
  ReplicaConfig config{endpoints(sim, hosts), 0, nullptr, mistake};
  for (; config.self < replicas; ++config.self) {
    config.disk = &sim.keep<ReplicaDisk>();
    sim.add_node(hosts[config.self], sim.world().host_name(hosts[config.self]),
                 [config](Env& env) { return quorum_replica(env, config); });
  }
  sim.core_of(replicas / 2 + 1);
  sim.sometimes("a read finds replicas that differ");
  add_map_clients(sim, config.replicas);
}

void build_primary(Simulation& sim, PrimaryMistake mistake) {
  const auto servers = static_cast<std::uint64_t>(sim.parameters().count("servers"));
  const std::vector<HostId> hosts = add_hosts(sim, servers);
  const HostId views = sim.add_host("views");
  const Endpoint views_at(sim.world().host_address(views), port);
  auto* const views_disk = &sim.keep<ViewDisk>();
  sim.add_node(views, "views", [views_at, servers, views_disk](Env& env) {
    return view_service(env, views_at, servers, views_disk);
  });
  ServerConfig config{endpoints(sim, hosts), views_at, 1, nullptr, mistake};
  for (; config.self <= servers; ++config.self) {
    config.disk = &sim.keep<ServerDisk>();
    sim.add_node(hosts[config.self - 1], sim.world().host_name(hosts[config.self - 1]),
                 [config](Env& env) { return map_server(env, config); });
  }
  // No core: a primary that died with its backup unprepared is waited for, and so are the views.
  sim.sometimes("a backup takes over");
  sim.sometimes("a primary learns that it was deposed");
  add_map_clients(sim, config.servers);
}

sim::WorldDescription world(std::string name, std::string about,
                            std::vector<Parameter> parameters) {
  sim::WorldDescription world;
  world.name = std::move(name);
  world.about = std::move(about);
  world.parameters = std::move(parameters);
  world.duration = seconds(15);
  return world;
}

template <class Mistake>
Specimen specimen(sim::WorldDescription broken, std::string correct_about, std::string invariant,
                  Mistake mistake, void (*build)(Simulation&, Mistake)) {
  sim::WorldDescription correct = broken;
  correct.name += ".fixed";
  correct.about = std::move(correct_about);
  broken.build = [build, mistake](Simulation& sim) { build(sim, mistake); };
  correct.build = [build](Simulation& sim) { build(sim, Mistake::none); };
  return {std::move(broken), std::move(correct), std::move(invariant)};
}

Specimen of_quorum(std::string name, std::string about, QuorumMistake mistake) {
  const auto replicas = Parameter::count("replicas", "Replicas of the map", 3, 2, 9);
  return specimen(world(std::move(name), std::move(about), {replicas, clients_parameter()}),
                  "a quorum register that writes back what it reads", "linearizable", mistake,
                  build_quorum);
}

Specimen of_primary(std::string name, std::string about, PrimaryMistake mistake) {
  const auto servers = Parameter::count("servers", "Servers, of which two have the map", 3, 2, 9);
  return specimen(world(std::move(name), std::move(about), {servers, clients_parameter()}),
                  "a primary that answers when its backup has confirmed", "linearizable", mistake,
                  build_primary);
}

Specimen of_counter(std::string name, std::string about, CounterMistake mistake) {
  return specimen(world(std::move(name), std::move(about), {clients_parameter()}),
                  "a counter whose clients number additions, not attempts", "counted at most once",
                  mistake, build_counter);
}

}  // namespace

std::vector<Specimen> register_specimens() {
  std::vector<Specimen> all;
  all.push_back(of_quorum("register.stale-read",
                          "a quorum register: reads answer what the replica asked happens to know",
                          QuorumMistake::reads_one));
  all.push_back(of_quorum("register.no-write-back",
                          "a quorum register: reads answer what no majority may know yet",
                          QuorumMistake::no_write_back));
  all.push_back(of_primary("register.deposed-read",
                           "primary and backup: reads do not ask whether there is a newer primary",
                           PrimaryMistake::reads_alone));
  all.push_back(of_primary("register.split-brain",
                           "primary and backup: a primary whose backup is silent goes on alone",
                           PrimaryMistake::goes_on_alone));
  all.push_back(of_primary("register.early-answer",
                           "primary and backup: writes are answered before the backup has them",
                           PrimaryMistake::answers_early));
  all.push_back(of_counter("register.counted-twice",
                           "a counter: an addition that is attempted again is taken for another",
                           CounterMistake::numbers_attempts));
  return all;
}

}  // namespace piccolo::zoo
