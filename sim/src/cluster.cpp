#include "piccolo/sim/cluster.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "piccolo/core/error.hpp"
#include "piccolo/core/node/node.hpp"
#include "piccolo/sim/invariants.hpp"
#include "piccolo/sim/narrator.hpp"
#include "piccolo/sim/shape.hpp"

namespace piccolo {
namespace {

constexpr std::uint16_t first_port = 19919;

// A node that was asked to stop has only frames to unwind.
constexpr Duration stop_patience = std::chrono::seconds(1);

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

// One run, from the drawing of its shape to the verdict.
class ClusterRun {
 public:
  ClusterRun(const ClusterOptions& options, std::uint64_t seed, Narrator* story)
      : options_(options),
        shape_(draw_shape(options, Random(seed).child("shape"))),
        story_(story),
        world_(seed, world_options()),
        invariants_(world_, shape_.node.limits.message_bytes) {
    world_.add_observer(invariants_);
    if (story_ != nullptr) {
      story_->follow(world_);
      world_.add_observer(*story_);
    }
  }

  RunResult run() {
    build();
    const bool held = strike_faults() && converge() && stop();
    return result(held);
  }

 private:
  WorldOptions world_options() const {
    WorldOptions world = shape_.world;
    world.spin_limit = 100'000;  // a few thousand resumptions in one instant are all a node needs
    if (story_ != nullptr) world.log_level = story_->level();
    return world;
  }

  void note(std::string_view text) const {
    if (story_ != nullptr) story_->note(text);
  }

  void build() {
    note(describe(shape_));
    for (std::uint32_t host = 0; host < shape_.hosts; ++host) {
      const bool alone = shape_.hosts == options_.nodes;
      world_.add_host(fmt::format("{}{}", alone ? "n" : "h", host + 1));
    }
    NodeConfig config = shape_.node;
    config.discovery.hosts = listed_hosts();
    for (std::uint32_t node = 0; node < options_.nodes; ++node) {
      const HostId host = shape_.host_of[node];
      config.discovery.bind_host = bind_host(host);
      config.discovery.bind_port = first_port;
      const auto process = world_.add_process(
          host, fmt::format("n{}", node + 1),
          [config, parts = options_.parts](Env& env) { return node_program(env, config, parts); });
      world_.start(process);
    }
  }

  // Every node has the same list, with its own entry in it, as people deploy it.
  std::vector<HostPort> listed_hosts() const {
    std::vector<HostPort> hosts;
    std::vector<std::uint32_t> nodes_on(shape_.hosts, 0);
    for (const HostId host : shape_.host_of) {
      const auto port = static_cast<std::uint16_t>(first_port + nodes_on[host]++);
      const bool by_name = shape_.listing != ClusterShape::Listing::addresses;
      const bool by_address = shape_.listing != ClusterShape::Listing::names;
      if (by_address) hosts.emplace_back(world_.host_address(host).to_string(), port);
      if (by_name) hosts.emplace_back(world_.host_name(host), port);
    }
    return hosts;
  }

  std::string bind_host(HostId host) const {
    switch (shape_.bind) {
      case ClusterShape::Bind::address:
        return world_.host_address(host).to_string();
      case ClusterShape::Bind::name:
        return world_.host_name(host);
      case ClusterShape::Bind::any_v4:
        return "0.0.0.0";
      case ClusterShape::Bind::any_v6:
        return "::";
    }
    return {};
  }

  bool strike_faults() {
    const FaultScene scene = FaultScene::of(world_, options_.duration);
    const FaultPlan plan =
        options_.listed ? *options_.listed : draw_fault_plan(scene, options_.faults, world_.seed());
    aftermath_ = aftermath(plan);
    schedule(world_, plan, scene,
             [this](std::string_view text) { note("fault: " + std::string(text)); });
    return world_.run_until(TimePoint(options_.duration));
  }

  // Everything is healed by now. A node may be in the middle of a step that was hopeless before,
  // and its next attempt may come while the peer is still starting: hence twice the longest cycle.
  // A node that could not start, or still waits for its own name, is later by that.
  Duration patience() const {
    return 2 * longest_cycle(shape_.node) + restart_pause + aftermath_ + std::chrono::seconds(1);
  }

  bool converge() {
    note("healed: from here on every node must reach every other");
    invariants_.healed();
    if (!world_.run_until(world_.now() + patience())) return false;
    const auto missing = invariants_.unconnected_pairs();
    if (missing.empty()) return true;
    const auto& [from, to] = missing.front();
    liveness_ = true;
    world_.report_failure("reconnect",
                          fmt::format("{} exchanged no echo with {} within {} after "
                                      "the last heal ({} such pairs)",
                                      world_.process_name(from), world_.process_name(to),
                                      format_duration(patience()), missing.size()));
    return false;
  }

  bool stop() {
    note("stopping all nodes");
    for (ProcessId process = 0; process < world_.process_count(); ++process) world_.stop(process);
    if (!world_.run_until(world_.now() + stop_patience)) return false;
    for (ProcessId process = 0; process < world_.process_count(); ++process) {
      if (!world_.running(process)) continue;
      liveness_ = true;
      world_.report_failure("clean_stop",
                            fmt::format("{} did not end when asked to stop\n{}",
                                        world_.process_name(process), world_.task_tree()));
      return false;
    }
    if (!world_.run_until_idle()) return false;
    if (world_.live_connections() == 0) return true;
    world_.report_failure("no_leak", fmt::format("{} connections are left in the kernels",
                                                 world_.live_connections()));
    return false;
  }

  RunResult result(bool held) const {
    RunResult result;
    result.seed = world_.seed();
    result.trace_hash = world_.trace().hash();
    result.counts = invariants_.counts();
    result.counts.events = world_.events();
    result.counts.virtual_time = world_.now().time_since_epoch();
    result.counts.faults = world_.fault_counts();
    if (!held) {
      const WorldFailure& failure = *world_.failure();
      result.violation =
          Violation{failure.rule, failure.detail, failure.at.time_since_epoch(), liveness_};
    }
    return result;
  }

  const ClusterOptions& options_;
  ClusterShape shape_;
  Narrator* story_;
  World world_;
  ClusterInvariants invariants_;
  Duration aftermath_{0};
  bool liveness_ = false;
};

// For a shell: in double quotes, of which a fault's line has none, nor anything else that they let
// through.
std::string quoted(const std::string& line) { return fmt::format("\"{}\"", line); }

}  // namespace

FaultScene listed_scene(const ClusterOptions& options) {
  FaultScene scene;
  for (std::uint32_t node = 0; node < options.nodes; ++node) {
    scene.processes.push_back(fmt::format("n{}", node + 1));
    scene.host_of.push_back(node);
  }
  scene.hosts = scene.processes;
  scene.duration = options.duration;
  return scene;
}

FaultSet enabled_faults(const ClusterOptions& options) {
  if (!options.listed) return options.faults;
  FaultSet kinds;
  for (const Fault& fault : *options.listed) kinds.add(fault.kind);
  return kinds;
}

std::string world_flags(const ClusterOptions& options) {
  std::string flags =
      fmt::format("--nodes {} --duration {}", options.nodes, format_duration(options.duration));
  if (!options.listed) return flags + " --faults " + options.faults.to_string();
  if (options.listed->empty()) return flags + " --faults none";
  const FaultScene scene = listed_scene(options);
  for (const Fault& fault : *options.listed) {
    flags += " --fault " + quoted(to_line(fault, scene));
  }
  return flags;
}

void RunCounts::add(const RunCounts& other) noexcept {
  events += other.events;
  virtual_time += other.virtual_time;
  connects += other.connects;
  connected += other.connected;
  refused += other.refused;
  timed_out += other.timed_out;
  round_trips += other.round_trips;
  bytes_echoed += other.bytes_echoed;
  streams_failed += other.streams_failed;
  starts += other.starts;
  faults.add(other.faults);
}

RunResult run_cluster(const ClusterOptions& options, std::uint64_t seed, Narrator* story) {
  return ClusterRun(options, seed, story).run();
}

}  // namespace piccolo
