#pragma once

// One run of a world: built, struck by faults, healed, waited for, stopped, and looked over.

#include <cstdint>

#include "piccolo/sim/run_result.hpp"
#include "piccolo/sim/scenario.hpp"
#include "piccolo/sim/world_description.hpp"

namespace piccolo {
class RunObserver;
}

namespace piccolo::sim {

// Runs to the end or to the first violation. `watcher` may be null. Runs share nothing, so several
// may go on at once, each on a thread of its own. Throws `std::invalid_argument` for a scenario
// that `complaint_about` complains about, and what the world's `build` throws.
RunResult run_world(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed,
                    RunObserver* watcher = nullptr);

}  // namespace piccolo::sim
