#pragma once

// Counts what this program takes from the heap: every `new` of it, by its usable size.

#include <cstddef>

namespace piccolo::bench {

std::size_t heap_now() noexcept;   // bytes
std::size_t heap_peak() noexcept;  // the most since the last reset
void reset_heap_peak() noexcept;
std::size_t resident_bytes();  // of the process, as the kernel counts it

}  // namespace piccolo::bench
