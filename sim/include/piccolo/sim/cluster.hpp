#pragma once

// One simulated run of a Piccolo cluster: the seed draws the shape of the world and the faults,
// the nodes run, invariants watch, everything heals, and everyone must find everyone again.

#include <cstdint>
#include <optional>
#include <string>

#include "piccolo/core/node/parts.hpp"
#include "piccolo/net_sim/faults.hpp"
#include "piccolo/sim/fault_plan.hpp"
#include "piccolo/sim/fault_set.hpp"

namespace piccolo {

class Narrator;

struct ClusterOptions {
  static constexpr std::uint32_t nodes_min = 2;
  static constexpr std::uint32_t nodes_max = 64;

  std::uint32_t nodes = 5;
  Duration duration = std::chrono::seconds(30);  // while faults strike; then healing and the tail
  FaultSet faults = FaultSet::all();
  // Instead of drawn ones. Their names must mean the same for every seed, so then every node has a
  // machine of its own, called as the node is: see `listed_scene`.
  std::optional<FaultPlan> listed;
  NodeParts parts;  // of the node under test
};

// Who there is in a world of listed faults: the nodes n1, n2, … and their hosts of the same names.
FaultScene listed_scene(const ClusterOptions& options);

// The kinds that a run of this world may have.
FaultSet enabled_faults(const ClusterOptions& options);

// The flags of `piccolo sim` and `piccolo replay` that give this world again.
std::string world_flags(const ClusterOptions& options);

struct Violation {
  std::string invariant;
  std::string detail;
  Duration at{0};         // virtual time since the start
  bool liveness = false;  // something that had to happen did not
};

// What was exercised; sums over a sweep.
struct RunCounts {
  std::uint64_t events = 0;
  Duration virtual_time{0};
  std::uint64_t connects = 0;  // attempts
  std::uint64_t connected = 0;
  std::uint64_t refused = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t round_trips = 0;  // echoed messages
  std::uint64_t bytes_echoed = 0;
  std::uint64_t streams_failed = 0;  // reset, timed out or broken under a node
  std::uint64_t starts = 0;          // of processes, restarts included
  FaultCounts faults;

  void add(const RunCounts& other) noexcept;
};

struct RunResult {
  std::uint64_t seed = 0;
  std::uint64_t trace_hash = 0;
  std::optional<Violation> violation;
  RunCounts counts;
};

// Runs to the end or to the first violation. `story` may be null. Thread-safe: runs share nothing.
RunResult run_cluster(const ClusterOptions& options, std::uint64_t seed, Narrator* story);

}  // namespace piccolo
