#pragma once

#include <cstdint>

namespace piccolo::bench {

// So many bytes through one simulated stream of two hosts whose link has no limit. Gives the bytes
// that arrived.
std::uint64_t simulated_bulk(std::uint64_t bytes);

// The same bytes copied twice, in pieces of the same size: into a buffer and out of it.
std::uint64_t bare_bulk(std::uint64_t bytes);

}  // namespace piccolo::bench
