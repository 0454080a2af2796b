#pragma once

// One run of a world: built, struck by faults, healed, waited for, stopped, and looked over.

#include <cstdint>
#include <optional>

#include "piccolo/sim/run_result.hpp"
#include "piccolo/sim/scenario.hpp"
#include "piccolo/sim/world_description.hpp"

namespace piccolo {
class RunObserver;
}

namespace piccolo::sim {

// Another seed in the middle of a run. All that happens before `at` happens as if there were none;
// from then on all draws are those of `seed`: the world's (`World::reseed`), and the faults that
// begin at `at` or later, unless they are listed. What the seed has chosen before the start stays:
// links, kernels, the order of tasks, what `build` drew.
struct Reseed {
  Duration at{0};
  std::uint64_t seed = 0;
};

// Runs to the end or to the first violation. `watcher` may be null. Runs share nothing, so several
// may go on at once, each on a thread of its own. Throws `std::invalid_argument` for a scenario
// that `complaint_about` complains about, and what the world's `build` throws.
RunResult run_world(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed,
                    RunObserver* watcher = nullptr,
                    const std::optional<Reseed>& reseed = std::nullopt);

}  // namespace piccolo::sim
