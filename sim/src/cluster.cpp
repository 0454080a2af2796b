#include "piccolo/sim/cluster.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "piccolo/core/error.hpp"
#include "piccolo/core/node/node.hpp"
#include "piccolo/sim/invariants.hpp"
#include "piccolo/sim/simulation.hpp"
#include "shape.hpp"

namespace piccolo::sim {
namespace {

constexpr std::uint16_t first_port = 19919;
constexpr std::int64_t nodes_default = 5;
constexpr std::int64_t nodes_min = 2;
constexpr std::int64_t nodes_max = 64;

// What a supervisor waits before it starts a node again that could not start.
constexpr Duration restart_pause = std::chrono::milliseconds(500);

// What faults may do to a node while it starts, and what passes: it is out of descriptors, or its
// own name is not known, or leads elsewhere.
bool passes(const std::error_code& code) {
  return code == std::errc::too_many_files_open || code == std::errc::address_not_available ||
         code == Errc::host_not_found || code == Errc::resolve_again;
}

// A node and its supervisor.
Task<void> node_program(Env& env, NodeConfig config, NodeParts parts) {
  for (;;) {
    const auto ended = co_await run_node_with(env, config, parts, nullptr);
    if (ended || is_canceled(ended.error())) co_return;
    if (!passes(ended.error())) {
      throw std::runtime_error("the node could not start: " + error_name(ended.error()));
    }
    const auto slept = co_await env.clock.sleep_for(restart_pause);
    if (!slept) co_return;
  }
}

// Every node has the same list, with its own entry in it, as people deploy it.
std::vector<HostPort> listed_hosts(const World& world, const ClusterShape& shape) {
  std::vector<HostPort> hosts;
  std::vector<std::uint32_t> nodes_on(shape.hosts, 0);
  for (const HostId host : shape.host_of) {
    const auto port = static_cast<std::uint16_t>(first_port + nodes_on[host]++);
    const bool by_name = shape.listing != ClusterShape::Listing::addresses;
    const bool by_address = shape.listing != ClusterShape::Listing::names;
    if (by_address) hosts.emplace_back(world.host_address(host).to_string(), port);
    if (by_name) hosts.emplace_back(world.host_name(host), port);
  }
  return hosts;
}

std::string bind_host(const World& world, HostId host, ClusterShape::Bind bind) {
  switch (bind) {
    case ClusterShape::Bind::address:
      return world.host_address(host).to_string();
    case ClusterShape::Bind::name:
      return world.host_name(host);
    case ClusterShape::Bind::any_v4:
      return "0.0.0.0";
    case ClusterShape::Bind::any_v6:
      return "::";
  }
  return {};
}

void add_nodes(Simulation& sim, const ClusterShape& shape, NodeConfig config,
               const NodeParts& parts) {
  for (std::uint32_t node = 0; node < shape.host_of.size(); ++node) {
    const HostId host = shape.host_of[node];
    config.discovery.bind_host = bind_host(sim.world(), host, shape.bind);
    config.discovery.bind_port = first_port;
    sim.add_node(host, fmt::format("n{}", node + 1),
                 [config, parts](Env& env) { return node_program(env, config, parts); });
  }
}

// A node may be in the middle of a step that was hopeless before the heal, and its next attempt may
// come while the peer is still starting: hence twice the longest cycle. A node that could not
// start, or still waits for its own name, is later by that.
Duration patience(const NodeConfig& config) {
  return 2 * longest_cycle(config) + restart_pause + std::chrono::seconds(1);
}

std::vector<ProcessId> nodes_of_the_core(Simulation& sim) {
  std::vector<ProcessId> nodes;
  for (ProcessId node = 0; node < sim.world().process_count(); ++node) {
    if (sim.in_core(sim.world().process_host(node))) nodes.push_back(node);
  }
  return nodes;
}

void count(Simulation& sim, const ClusterInvariants& watch) {
  const auto counter = [&](const char* name, std::uint64_t ClusterCounts::* value) {
    sim.counter(name, [&watch, value] { return watch.counts().*value; });
  };
  counter("processes started, restarts included", &ClusterCounts::starts);
  counter("connects", &ClusterCounts::connects);
  counter("connects established", &ClusterCounts::connected);
  counter("connects refused", &ClusterCounts::refused);
  counter("connects timed out", &ClusterCounts::timed_out);
  counter("messages echoed", &ClusterCounts::round_trips);
  counter("bytes echoed", &ClusterCounts::bytes_echoed);
  counter("stream operations failed under a node", &ClusterCounts::streams_failed);
}

void build(Simulation& sim, const NodeParts& parts) {
  const auto nodes = static_cast<std::uint32_t>(sim.parameters().count("nodes"));
  ClusterShape shape = draw_shape(nodes, sim.hosts_are_named(), sim.random().child("shape"));
  for (std::uint32_t host = 0; host < shape.hosts; ++host) {
    const bool alone = shape.hosts == nodes;
    sim.add_host(fmt::format("{}{}", alone ? "n" : "h", host + 1));
  }
  if (sim.is_told()) sim.note(describe(shape));
  shape.node.discovery.hosts = listed_hosts(sim.world(), shape);
  add_nodes(sim, shape, shape.node, parts);
  // Nodes of one host are one machine to the network: two hosts at least can talk.
  sim.core_of(2);
  auto& watch = sim.keep<ClusterInvariants>(sim.world(), shape.node.limits.message_bytes);
  sim.world().add_observer(watch);
  count(sim, watch);
  sim.at_heal([&watch, &sim] { watch.healed(nodes_of_the_core(sim)); });
  sim.eventually(
      "reconnect", patience(shape.node), [&watch] { return watch.all_connected(); },
      [&watch] { return watch.tell_unconnected(); });
}

}  // namespace

WorldDescription cluster_world(NodeParts parts) {
  WorldDescription world;
  world.name = "piccolo";
  world.about = "a cluster of Piccolo nodes, everyone of which must find everyone";
  world.parameters = {
      Parameter::count("nodes", "Nodes in the cluster", nodes_default, nodes_min, nodes_max)};
  world.build = [parts](Simulation& sim) { build(sim, parts); };
  return world;
}

}  // namespace piccolo::sim
