#pragma once

#include <cstdint>

namespace piccolo::determinism {

// From now on new memory is filled with another byte and lies elsewhere, so that whoever reads it
// uninitialised, or orders anything by its address, does so differently from before. Does nothing
// under a sanitizer, whose own heap sees the former.
void scramble_heap(std::uint8_t salt) noexcept;

}  // namespace piccolo::determinism
