#pragma once

// `[faults]`: which are drawn and how, or listed ones.

#include <span>
#include <string>

#include "piccolo/sim/fault_profile.hpp"
#include "piccolo/sim/scenario.hpp"
#include "scenario/keys.hpp"

namespace piccolo::sim {

// A scenario in the making, and where it stands.
struct FaultTarget {
  Scenario& scenario;
  const Reading& reading;
};

std::span<const Key<FaultTarget>> fault_keys();
std::span<const Key<KindProfile>> fault_kind_keys();  // of `[faults.KIND]`

void read_faults(const TomlValue& section, Scenario& scenario, Reading& reading);

// The lines of a list, with their places.
void read_lines(const ConfigValue& value, std::vector<ListedFault>& lines, const Reading& reading);

// "2 per minute", "3 per 10s"
std::string format_rate(const FaultRate& rate);

}  // namespace piccolo::sim
