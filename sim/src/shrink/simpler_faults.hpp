#pragma once

// What may be tried instead of a fault: the simplest first.

#include <vector>

#include "piccolo/sim/fault.hpp"

namespace piccolo::sim {

// Each strikes less, lasts shorter, or reads more easily, so that there is an end to it.
std::vector<Fault> simpler_than(const Fault& fault, const FaultScene& scene);

// Single connects that are refused, instead of all for a while; nothing for other faults.
std::vector<Fault> single_refusals(const Fault& fault, const FaultScene& scene);

}  // namespace piccolo::sim
