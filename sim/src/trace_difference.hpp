#pragma once

// Where two runs part: of traces that were kept, and of a seed of which it is known that it does
// not do the same twice.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "piccolo/sim/recording.hpp"

namespace piccolo::sim {

struct TraceComparison {
  std::uint64_t alike = 0;  // events at the beginning
  // The event behind those differs, or one trace ends there.
  bool events_differ = false;
  // All events that were kept are alike, and yet the traces are not: they part beyond the limits.
  bool beyond = false;
  // The first lines that differ, when no events do: their places in either recording.
  struct Lines {
    std::size_t one = 0;
    std::size_t other = 0;
  };
  std::optional<Lines> lines;

  bool equal() const noexcept { return !events_differ && !beyond; }
};

// Of logs those are compared that both would have kept.
TraceComparison compare_traces(const Recording& one, const Recording& other);

// Runs the seed twice more, keeps the traces, and tells in a line or three which event is the first
// to differ. The two may agree where two runs before them did not; then it says so. `begin` is
// called before each run. Keeps the first 500,000 events of each, some 50 MB for the two, and no
// packets.
std::string trace_difference(const WorldDescription& world, const Scenario& scenario,
                             std::uint64_t seed, const std::function<void()>& begin);

}  // namespace piccolo::sim
