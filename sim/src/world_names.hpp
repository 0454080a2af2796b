#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "piccolo/sim/scenario.hpp"
#include "piccolo/sim/world_description.hpp"

namespace piccolo::sim {

// Of the hosts and processes that the seed's world has, each once. Builds the world, runs nothing.
// Throws `std::invalid_argument` for a scenario that `complaint_about` complains about.
std::vector<std::string> world_names(const WorldDescription& world, const Scenario& scenario,
                                     std::uint64_t seed);

}  // namespace piccolo::sim
