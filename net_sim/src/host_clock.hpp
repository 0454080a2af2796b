#pragma once

// The clocks of one machine, as a function of true time: they may run too fast or too slow, and
// the wall clock may be off besides.

#include <cstdint>

#include "piccolo/core/time.hpp"

namespace piccolo {

class HostClock {
 public:
  static constexpr std::int32_t drift_max = 100'000;  // ppm

  // Monotonic: drifts, and never goes back.
  TimePoint local(TimePoint now) const noexcept {
    if (ppm_ == 0) return ahead_.count() == 0 ? now : saturating_add(now, ahead_);
    return drifted(now);
  }
  // The first moment of true time at which `local` has reached `deadline`.
  TimePoint reaches(TimePoint deadline) const noexcept {
    if (ppm_ == 0 && ahead_.count() == 0) return deadline;
    return when(deadline);
  }
  // Held at the end of time instead of overflowing.
  WallTime wall(TimePoint now, WallTime start) const noexcept;

  void drift(TimePoint now, std::int32_t ppm) noexcept;
  void step_wall(Duration by) noexcept;
  bool drifts() const noexcept { return ppm_ != 0; }
  bool wall_is_off() const noexcept { return wall_ahead_.count() != 0; }

 private:
  TimePoint drifted(TimePoint now) const noexcept;
  TimePoint when(TimePoint deadline) const noexcept;

  TimePoint since_;       // true time at which the rate changed last
  Duration ahead_{0};     // of true time then
  std::int32_t ppm_ = 0;  // too fast by
  Duration wall_ahead_{0};
};

}  // namespace piccolo
