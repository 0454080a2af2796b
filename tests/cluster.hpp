#pragma once

// Piccolo's own world, with what tests choose of it.

#include <algorithm>
#include <string_view>
#include <utility>

#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/narrator.hpp"
#include "piccolo/sim/run_world.hpp"
#include "piccolo/sim/scenario.hpp"

namespace piccolo::test {

struct Cluster {
  explicit Cluster(std::uint32_t nodes = 5, const FaultSet& faults = FaultSet::all(),
                   Duration duration = std::chrono::seconds(30), NodeParts parts = {})
      : world(sim::cluster_world(parts)), scenario(world) {
    static_cast<void>(scenario.parameters.set("nodes", std::to_string(nodes)));
    scenario.faults = faults;
    scenario.duration = duration;
  }
  explicit Cluster(NodeParts parts)
      : Cluster(5, FaultSet::all(), std::chrono::seconds(30), parts) {}

  sim::RunResult run(std::uint64_t seed, Narrator* story = nullptr) const {
    return sim::run_world(world, scenario, seed, story);
  }

  sim::WorldDescription world;
  sim::Scenario scenario;
};

// A counter of the world, by the beginning of its name.
inline std::uint64_t count(const sim::RunTotals& totals, std::string_view name) {
  const auto found = std::ranges::find_if(
      totals.counters, [name](const sim::NamedCount& each) { return each.name.starts_with(name); });
  return found == totals.counters.end() ? 0 : found->value;
}

}  // namespace piccolo::test
