#include "late_faults.hpp"

#include <algorithm>
#include <iterator>

namespace piccolo::sim {

FaultPlan begun_before(const FaultPlan& plan, Duration at) {
  FaultPlan begun;
  std::ranges::copy_if(plan, std::back_inserter(begun),
                       [at](const Fault& fault) { return fault.at < at; });
  return begun;
}

FaultPlan late_faults(const FaultPlan& plan, Duration at, const FaultPlan& begun,
                      const FaultScene& scene) {
  FaultPlan late;
  std::ranges::copy_if(plan, std::back_inserter(late), [&](const Fault& fault) {
    return fault.at >= at && std::ranges::all_of(begun, [&](const Fault& earlier) {
             return !contradict(earlier, fault, scene);
           });
  });
  return late;
}

}  // namespace piccolo::sim
