#pragma once

// The faults of a run that is reseeded: those of one seed up to a moment, those of another from
// then on.

#include "piccolo/sim/fault_plan.hpp"

namespace piccolo::sim {

// In order of time, as `plan` is.
FaultPlan begun_before(const FaultPlan& plan, Duration at);
// Those of the plan that begin at that time or later, without those that contradict what has begun.
FaultPlan late_faults(const FaultPlan& plan, Duration at, const FaultPlan& begun,
                      const FaultScene& scene);

}  // namespace piccolo::sim
