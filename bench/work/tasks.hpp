#pragma once

#include <cstdint>

namespace piccolo::bench {

// `fibers` tasks of one process that sleep for a drawn time again and again; the trace's hash
// included. Gives the sleeps.
std::uint64_t simulated_timers(std::uint64_t fibers, std::uint64_t sleeps);

// `fibers` tasks of one process that let others go first again and again. Gives the yields.
std::uint64_t simulated_yields(std::uint64_t fibers, std::uint64_t yields);

// Ten hosts, each with a process that listens and waits, for an hour of virtual time. Gives the
// hosts.
std::uint64_t idle_hour();

}  // namespace piccolo::bench
