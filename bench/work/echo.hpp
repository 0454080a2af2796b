#pragma once

#include <cstdint>

namespace piccolo::bench {

// 64-byte round trips over the whole of simulated TCP, one at a time on each of `connections`
// streams of two hosts; the trace's hash included. Gives the round trips.
std::uint64_t simulated_echo(std::uint64_t connections, std::uint64_t round_trips);

}  // namespace piccolo::bench
