#include "chatter.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "piccolo/core/node/node.hpp"
#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/invariants.hpp"
#include "piccolo/sim/run_world.hpp"
#include "piccolo/sim/simulation.hpp"

namespace piccolo::bench {
namespace {

Task<void> node_program(Env& env, NodeConfig config) {
  const auto ended = co_await run_node(env, std::move(config));
  static_cast<void>(ended);
}

void build(sim::Simulation& sim, const ChatterOptions& options) {
  const NodeConfig as_it_comes;
  sim.options().link = LatencyModel{LatencyModel::Shape::uniform, std::chrono::microseconds(100),
                                    std::chrono::microseconds(100)};
  for (std::uint64_t node = 1; node <= options.nodes; ++node) {
    sim.add_host(fmt::format("n{}", node));
  }
  NodeConfig config;
  for (HostId host = 0; host < options.nodes; ++host) {
    config.discovery.hosts.emplace_back(sim.world().host_address(host).to_string(),
                                        as_it_comes.discovery.bind_port);
  }
  for (HostId host = 0; host < options.nodes; ++host) {
    config.discovery.bind_host = sim.world().host_address(host).to_string();
    sim.add_node(host, fmt::format("n{}", host + 1),
                 [config](Env& env) { return node_program(env, config); });
  }
  if (!options.invariants) return;
  auto& watch = sim.keep<sim::ClusterInvariants>(sim.world(), config.limits.message_bytes);
  sim.world().add_observer(watch);
}

Campaign sweep(const sim::WorldDescription& world, const sim::Scenario& scenario,
               std::uint64_t first, std::uint64_t seeds) {
  Campaign sum;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    const sim::RunResult result = sim::run_world(world, scenario, seed);
    ++sum.seeds;
    sum.events += result.totals.events;
    sum.failed += result.violation ? 1U : 0U;
  }
  return sum;
}

}  // namespace

sim::WorldDescription chatter_world(const ChatterOptions& options) {
  sim::WorldDescription world;
  world.name = "chatter";
  world.build = [options](sim::Simulation& sim) { build(sim, options); };
  world.duration = std::chrono::seconds(60);
  world.faults = options.faults;
  return world;
}

Campaign chatter(std::uint64_t seeds, const ChatterOptions& options) {
  const sim::WorldDescription world = chatter_world(options);
  return sweep(world, sim::Scenario(world), options.first_seed, seeds);
}

Campaign drawn_clusters(std::uint64_t seeds, std::uint64_t nodes, FaultSet faults) {
  const sim::WorldDescription world = sim::cluster_world();
  sim::Scenario scenario(world);
  scenario.faults = faults;
  if (!scenario.parameters.set("nodes", std::to_string(nodes))) {
    throw std::invalid_argument("no cluster has that many nodes");
  }
  return sweep(world, scenario, 1, seeds);
}

}  // namespace piccolo::bench
