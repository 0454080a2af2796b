#pragma once

// What the output goes to.

#include <cstddef>

namespace piccolo::sim {

// Set in the environment, and not empty: `CI`, `NO_COLOR` (no-color.org).
bool is_set(const char* variable) noexcept;
bool is_terminal(int descriptor) noexcept;
bool wants_colors(int descriptor) noexcept;  // a terminal, and nobody objects
// 0 when it is no terminal, or does not know.
std::size_t columns_of(int descriptor) noexcept;

}  // namespace piccolo::sim
