#pragma once

// A world twice, with its mistake and without, and what the worlds of the zoo have in common.

#include <string>
#include <string_view>
#include <utility>

#include "piccolo/sim/world_description.hpp"
#include "zoo.hpp"

namespace piccolo::zoo {

// `world` has no `build` yet. `Mistake` is an enum, and `Mistake::none` the twin's.
template <class Mistake>
Specimen twins(sim::WorldDescription world, std::string invariant, Mistake mistake,
               void (*build)(sim::Simulation&, Mistake)) {
  Specimen specimen{world, world, std::move(invariant)};
  specimen.broken.build = [build, mistake](sim::Simulation& sim) { build(sim, mistake); };
  specimen.correct.name += ".fixed";
  specimen.correct.about = "the twin of " + world.name + ", without its mistake";
  specimen.correct.build = [build](sim::Simulation& sim) { build(sim, Mistake::none); };
  return specimen;
}

// all_but("-names,-clock-step")
inline FaultSet all_but(std::string_view kinds) {
  return FaultSet::parse("all," + std::string(kinds)).value();
}

}  // namespace piccolo::zoo
