#pragma once

// Piccolo's own world, with what tests choose of it.

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "piccolo/sim/campaign.hpp"
#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/narrator.hpp"
#include "piccolo/sim/run_world.hpp"
#include "piccolo/sim/scenario.hpp"

namespace piccolo::test {

struct Cluster {
  explicit Cluster(std::uint32_t nodes = 5, const FaultSet& faults = FaultSet::all(),
                   Duration duration = std::chrono::seconds(30), NodeParts parts = {})
      : world(sim::cluster_world(parts)), scenario(world) {
    const auto set = scenario.parameters.set("nodes", std::to_string(nodes));
    if (!set) throw std::invalid_argument(set.error());
    scenario.faults = faults;
    scenario.duration = duration;
  }
  explicit Cluster(NodeParts parts)
      : Cluster(5, FaultSet::all(), std::chrono::seconds(30), parts) {}

  sim::RunResult run(std::uint64_t seed, Narrator* story = nullptr) const {
    return sim::run_world(world, scenario, seed, story);
  }
  sim::CampaignResult run_all(sim::SeedRange seeds, unsigned jobs = 2) const {
    sim::CampaignOptions options;
    options.seeds = seeds;
    options.jobs = jobs;
    return sim::run_campaign(world, scenario, options);
  }

  sim::WorldDescription world;
  sim::Scenario scenario;
};

// Who there is in a cluster of listed faults: every node has a host of its name.
inline FaultScene listed_scene(std::uint32_t nodes, Duration duration = std::chrono::seconds(30)) {
  FaultScene scene;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    scene.processes.push_back("n" + std::to_string(node + 1));
    scene.host_of.push_back(node);
  }
  scene.hosts = scene.processes;
  scene.duration = duration;
  return scene;
}

// A counter of the world, by its name.
inline std::uint64_t count(const sim::RunTotals& totals, std::string_view name) {
  const auto found = std::ranges::find(totals.counters, name, &sim::NamedCount::name);
  if (found == totals.counters.end()) {
    throw std::invalid_argument("no counter is called " + std::string(name));
  }
  return found->value;
}

// The failing runs that a campaign kept, by seed.
inline std::vector<sim::RunResult> failures(const sim::CampaignResult& result) {
  std::vector<sim::RunResult> all;
  for (const sim::FailureGroup& group : result.groups) {
    all.insert(all.end(), group.examples.begin(), group.examples.end());
  }
  std::ranges::sort(all, {}, &sim::RunResult::seed);
  return all;
}

}  // namespace piccolo::test
