#pragma once

// `[repro]`: what the scenario was shrunk from, and what is expected of it.

#include <span>

#include "piccolo/sim/scenario.hpp"
#include "scenario/keys.hpp"

namespace piccolo::sim {

std::span<const Key<Repro>> repro_keys();

void read_repro(const TomlValue& section, Scenario& scenario, Reading& reading);

}  // namespace piccolo::sim
