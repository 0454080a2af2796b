#include "world_names.hpp"

#include <algorithm>
#include <stdexcept>

#include "simulation_impl.hpp"

namespace piccolo::sim {

std::vector<std::string> world_names(const WorldDescription& world, const Scenario& scenario,
                                     std::uint64_t seed) {
  Simulation::Impl simulation(world, scenario, seed, nullptr);
  if (const auto complaint = simulation.build()) throw std::invalid_argument(*complaint);
  const World& built = simulation.world();
  std::vector<std::string> names;
  names.reserve(built.host_count() + built.process_count());
  const auto add = [&names](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (HostId host = 0; host < built.host_count(); ++host) add(built.host_name(host));
  for (ProcessId process = 0; process < built.process_count(); ++process) {
    add(built.process_name(process));
  }
  return names;
}

}  // namespace piccolo::sim
