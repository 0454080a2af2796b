#pragma once

// The options that list faults.

#include "piccolo/sim/fault_plan.hpp"
#include "world_flags.hpp"

namespace piccolo::sim {

void add_fault_flags(CLI::App& command, WorldFlags& flags, const FaultSet& otherwise);

// Throws UsageError for a list that cannot be read.
std::vector<ListedFault> listed_faults(const std::vector<std::string>& lines,
                                       const std::optional<std::string>& list);

}  // namespace piccolo::sim
