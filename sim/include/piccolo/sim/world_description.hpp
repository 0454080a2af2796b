#pragma once

// A world that can be simulated: what a user of the library writes, and `run` makes a command line
// of.

#include <functional>
#include <string>
#include <vector>

#include "piccolo/core/time.hpp"
#include "piccolo/sim/fault_set.hpp"
#include "piccolo/sim/parameters.hpp"

namespace piccolo::sim {

class Simulation;

struct WorldDescription {
  std::string name;   // as in `--world NAME`
  std::string about;  // one line
  std::vector<Parameter> parameters;
  // Says what there is in one run: hosts, nodes, clients, invariants. Called anew for each seed,
  // perhaps on several threads at once, so it must not change anything outside of the simulation.
  std::function<void(Simulation&)> build;
  // Unless a scenario or the command line says otherwise:
  Duration duration = std::chrono::seconds(30);  // while faults strike
  FaultSet faults = FaultSet::all();
};

}  // namespace piccolo::sim
