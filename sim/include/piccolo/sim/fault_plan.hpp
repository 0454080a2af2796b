#pragma once

// The faults of one run: an explicit list, drawn from the seed before the run begins. Each is a
// value that can be printed, left out or written by hand. Faults may overlap.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "piccolo/net_sim/world.hpp"
#include "piccolo/sim/fault_set.hpp"

namespace piccolo {

struct PlannedFault {
  enum class Form : std::uint8_t {
    refuse,         // host a refuses connections
    delay_one_way,  // extra latency from a to b
    delay_both,     // and back
    hup_reset,      // one stream between a and b gets a reset
    hup_end,        // likewise the end of the stream, in mid-message perhaps
    cut_one_way,    // from a to b
    cut_pair,       // both ways
    isolate,        // a from everybody
    split,          // hosts below `a` from the others
    kill,           // process a, started again at the end
    power_off,      // host a and all its processes, likewise
  };

  Form form = Form::refuse;
  Duration at{0};
  Duration lasting{0};  // zero for hups
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  Duration extra{0};       // of delays
  std::uint64_t pick = 0;  // which stream, for hups

  FaultKind kind() const noexcept;
};

using FaultPlan = std::vector<PlannedFault>;

// In order of time. All faults lie in [0, duration) and are over by `duration`. How many there are
// of each kind is drawn as well, none included: seeds differ in what they combine.
FaultPlan draw_fault_plan(const World& world, const FaultSet& kinds, Duration duration);

// "isolate n2 for 3s"
std::string describe(const PlannedFault& fault, const World& world);

// Puts the plan into the world's script. `note` is told of each fault as it strikes and ends.
void schedule(World& world, const FaultPlan& plan,
              const std::function<void(std::string_view)>& note);

}  // namespace piccolo
