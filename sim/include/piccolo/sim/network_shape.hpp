#pragma once

// What networks and kernels there are in the field, drawn: what a simulation gives its hosts unless
// the world or the scenario chooses.

#include "piccolo/core/random.hpp"
#include "piccolo/net_sim/options.hpp"

namespace piccolo::sim {

// From one switch to a wide-area network; most lose nothing by themselves.
LinkOptions draw_link(const Random& random);
// No two kernels are configured alike.
TcpOptions draw_tcp(const Random& random);

// "uniform links of 80us + 300us, losing 0.1200%"
std::string describe(const LinkOptions& link);
// "buffers 65536/4096, segments 1448, …": sending and receiving buffer, in bytes.
std::string describe(const TcpOptions& tcp);

}  // namespace piccolo::sim
