#pragma once

// The zoo: worlds with planted bugs, each a classic, and their correct twins. What a simulator is
// worth is how soon it finds them, and that it lets the twins pass.

#include <string>
#include <vector>

#include "piccolo/sim/world_description.hpp"

namespace piccolo::zoo {

struct Specimen {
  sim::WorldDescription broken;
  sim::WorldDescription correct;
  std::string invariant;  // that the broken one breaks, as reported
};

// By protocol.
std::vector<Specimen> echo_specimens();
std::vector<Specimen> gossip_specimens();
std::vector<Specimen> register_specimens();
std::vector<Specimen> lock_specimens();
std::vector<Specimen> all_specimens();

}  // namespace piccolo::zoo
