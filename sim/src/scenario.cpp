#include "piccolo/sim/scenario.hpp"

#include "simulation_impl.hpp"

namespace piccolo::sim {

std::optional<std::string> complaint_about(const WorldDescription& world,
                                           const Scenario& scenario) {
  constexpr std::uint64_t any_seed = 1;
  const std::uint64_t seed = scenario.repro ? scenario.repro->seed : any_seed;
  Simulation::Impl simulation(world, scenario, seed, nullptr);
  return simulation.build();
}

FaultSet enabled_faults(const Scenario& scenario) {
  if (!scenario.listed) return scenario.faults;
  FaultSet kinds;
  for (const ListedFault& fault : *scenario.listed) {
    if (const auto kind = fault_kind_of(fault.line)) kinds.add(*kind);
  }
  return kinds;
}

}  // namespace piccolo::sim
