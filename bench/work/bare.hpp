#pragma once

// The lower bound: what a simulation costs that has no hosts, no bytes, no TCP, no trace. A binary
// heap of moments, coroutines that are resumed by them, and the draw of a latency. A frame from a
// pool for each round trip, as any program has that puts its input and output into functions.

#include <cstdint>

namespace piccolo::bench {

// Each connection is two coroutines that resume each other in turns. Gives the round trips.
std::uint64_t bare_echo(std::uint64_t connections, std::uint64_t round_trips);

// `fibers` coroutines that sleep for a drawn time again and again. Gives the sleeps.
std::uint64_t bare_timers(std::uint64_t fibers, std::uint64_t sleeps);

// `fibers` coroutines that go to the end of a queue again and again. Gives the yields.
std::uint64_t bare_yields(std::uint64_t fibers, std::uint64_t yields);

// `seeds` worlds of `nodes` coroutines that call each other, as `chatter` does: connect, echo, hold
// for 5 s, hang up, wait 2 s, for 60 s. Gives the seeds.
std::uint64_t bare_chatter(std::uint64_t nodes, std::uint64_t seeds);

}  // namespace piccolo::bench
