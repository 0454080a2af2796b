#pragma once

// Where two runs of one seed part: for the seeds of which it is known that they do.

#include <functional>
#include <string>

#include "piccolo/sim/run_world.hpp"

namespace piccolo::sim {

// Runs the seed twice more, keeps the traces, and tells in a line or three which event is the first
// to differ. The two may agree where two runs before them did not; then it says so. `begin` is
// called before each run.
std::string trace_difference(const WorldDescription& world, const Scenario& scenario,
                             std::uint64_t seed, const std::function<void()>& begin);

}  // namespace piccolo::sim
