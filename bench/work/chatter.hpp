#pragma once

#include <cstdint>

#include "piccolo/sim/fault_set.hpp"
#include "piccolo/sim/world_description.hpp"

namespace piccolo::bench {

struct Campaign {
  std::uint64_t seeds = 0;
  std::uint64_t events = 0;
  std::uint64_t failed = 0;  // must be 0
};

struct ChatterOptions {
  std::uint64_t nodes = 3;
  std::uint64_t first_seed = 1;
  FaultSet faults = FaultSet::none();
  bool invariants = true;  // Piccolo's own; those of the simulator are always on
};

// Piccolo's chatter: nodes as they come (connect to everyone, one echo, hold for 5 s, hang up, wait
// 2 s), each on a host of its own, for 60 s of virtual time; built, watched, healed, stopped and
// torn down as a campaign does it.
Campaign chatter(std::uint64_t seeds, const ChatterOptions& options);
// Its world, for campaigns of other kinds.
sim::WorldDescription chatter_world(const ChatterOptions& options);

// The default world of `piccolo sim`: the seed draws the timings, the layout and the kernels.
Campaign drawn_clusters(std::uint64_t seeds, std::uint64_t nodes, FaultSet faults);

}  // namespace piccolo::bench
