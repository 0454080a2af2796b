#pragma once

// A counter on one server, and clients that add to it and ask again until they are answered. An
// attempt that was not answered may have been counted, so each addition has a number, which it
// keeps however often it is attempted; the server counts no number of a client twice.

#include "piccolo/sim/simulation.hpp"

namespace piccolo::zoo {

enum class CounterMistake : std::uint8_t {
  none,
  numbers_attempts,  // each attempt of an addition has a number of its own
};

// Hosts, clients, and what must hold: `counted at most once`, `counted at least once`, and `every
// client is answered`.
void build_counter(sim::Simulation& sim, CounterMistake mistake);

}  // namespace piccolo::zoo
