#pragma once

// How strongly a seed has one kind of fault.

#include <cstdint>

#include "piccolo/core/random.hpp"
#include "piccolo/sim/fault_profile.hpp"

namespace piccolo {

// Whatever lasts, lasts between these.
inline constexpr Duration shortest_fault = std::chrono::milliseconds(10);
inline constexpr Duration longest_fault = std::chrono::seconds(10);

struct Strength {
  FaultRate rate;
  // A seed that draws a strength has one fault at least, however weak and short the run is.
  std::uint64_t count_min = 0;
  // Of durations, 10 ms * 6^magnitude and up to six times that: a short cut loses a segment, a long
  // one a stream.
  std::uint64_t shortest = 0;
  std::uint64_t longest = 3;
};

// `draws` are the seed's for the kind. All draws are made whatever the profile says, so that a
// change of one thing in it moves nothing else.
Strength draw_strength(const KindProfile& profile, bool swarm, Draws& draws);

// How many begin in a window of that length.
std::uint64_t draw_count(const Strength& strength, Duration window, Draws& draws);

Duration draw_lasting(const Strength& strength, Duration most, Draws& draws);

}  // namespace piccolo
