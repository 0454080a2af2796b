#pragma once

// A failing run on its way to become smaller: a scenario whose faults are values, not lines.

#include <optional>
#include <string>
#include <vector>

#include "piccolo/sim/fault_plan.hpp"
#include "piccolo/sim/shrink.hpp"

namespace piccolo::sim {

struct FailingCase {
  Scenario scenario;  // but for its faults
  FaultScene scene;   // who there is
  FaultPlan plan;

  // The scenario with its faults.
  Scenario whole() const;
  ShrinkSize size() const;
};

using FailingCases = std::vector<FailingCase>;

// What a scenario means with a seed. Throws what the world's `build` throws.
FailingCase case_of(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed);

// The same faults in another scenario of the world, in which there may be other hosts. Faults of
// hosts that are gone go, too; or, `renamed`, they strike hosts that no fault struck. Nothing when
// the world cannot be built so.
std::optional<FailingCase> moved_to(const WorldDescription& world, Scenario scenario,
                                    std::uint64_t seed, const FailingCase& from, bool renamed);

}  // namespace piccolo::sim
