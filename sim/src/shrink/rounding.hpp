#pragma once

// Numbers that read more easily than others.

#include <cstdint>
#include <vector>

#include "piccolo/core/time.hpp"

namespace piccolo::sim {

// Times to be tried instead: short ones of one digit, then the time itself with fewer digits, down
// and up. All of them have fewer digits, or as many and are shorter.
std::vector<Duration> simpler_times(Duration time);

// The number with fewer digits, down and up; of the same sign, and not zero.
std::vector<std::int64_t> rounder_than(std::int64_t number);

// Up to a whole number of units.
Duration rounded_up(Duration time, Duration unit);

}  // namespace piccolo::sim
