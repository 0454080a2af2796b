#pragma once

#include <array>

#include "piccolo/core/random.hpp"

namespace piccolo::sim {

// One of the values; what stands there twice comes twice as often.
template <class T, std::size_t N>
const T& pick(const std::array<T, N>& choice, Draws draws) {
  return choice[draws.below(N)];
}

}  // namespace piccolo::sim
