#pragma once

// How often this program has taken memory from the heap so far, on any thread. Under a sanitizer,
// which has the heap for itself, it is not counted.

#include <cstdint>

namespace piccolo::test {

std::uint64_t allocations() noexcept;

}  // namespace piccolo::test
