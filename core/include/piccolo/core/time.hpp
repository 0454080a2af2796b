#pragma once

// Time as a node sees it: nanoseconds, signed 64 bit (292 years), no ticks.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "piccolo/core/result.hpp"

namespace piccolo {

using Duration = std::chrono::nanoseconds;

// Never goes back; zero is the start of the world (simulated) or of the machine (real).
struct MonotonicClockTag {
  using duration = Duration;
};
using TimePoint = std::chrono::time_point<MonotonicClockTag, Duration>;

// Since 1970-01-01 UTC; may step and drift.
struct WallClockTag {
  using duration = Duration;
};
using WallTime = std::chrono::time_point<WallClockTag, Duration>;

// `at + by`, held at the ends of the range instead of overflowing.
constexpr TimePoint saturating_add(TimePoint at, Duration by) noexcept {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(at.time_since_epoch().count(), by.count(), &sum)) {
    return by.count() > 0 ? TimePoint::max() : TimePoint::min();
  }
  return TimePoint(Duration(sum));
}

// "150ms", "2s", "1.5s", "100us", "7ns", "3m", "2h": a decimal number (no sign, at most nine digits
// after the point) and a unit. Anything else, parts of a nanosecond, or more than 292 years, is
// `invalid_argument`.
Result<Duration> parse_duration(std::string_view text);

// The shortest text that `parse_duration` reads back to the same value: "2s", "1.5ms", "0s".
std::string format_duration(Duration value);

// Seconds with six decimals, for narratives: "1.204000".
std::string format_seconds(Duration value);

}  // namespace piccolo
