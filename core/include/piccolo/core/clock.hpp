#pragma once

// The environment's clocks. Node code never asks the operating system for the time.

#include "piccolo/core/operation.hpp"
#include "piccolo/core/timer.hpp"

namespace piccolo {

class SleepOperation;

class Clock {
 public:
  struct Sleep;

  // Monotonic: never goes back, not even when the wall clock does.
  virtual TimePoint now() const noexcept = 0;
  // Wall-clock time; may step and drift. Not for measuring.
  virtual WallTime wall_now() const noexcept = 0;

  // `Result<void>`: fails only with `operation_canceled`. A deadline in the past still lets other
  // ready fibers run first.
  [[nodiscard]] Sleep sleep_for(Duration duration) noexcept;
  [[nodiscard]] Sleep sleep_until(TimePoint at) noexcept;

  // For operations: calls `timer.fire()` once, at or after `at`. The timer must be disarmed before
  // it is destroyed.
  virtual void arm(Timer& timer, TimePoint at) = 0;
  virtual void disarm(Timer& timer) noexcept = 0;

 protected:
  Clock() = default;
  ~Clock() = default;
  Clock(const Clock&) = default;
  Clock& operator=(const Clock&) = default;
};

class SleepOperation final : public BasicOperation<SleepOperation, void>, private Timer {
 public:
  explicit SleepOperation(const Clock::Sleep& description) noexcept;
  ~SleepOperation() { abandon(); }

  void start() { clock_.arm(*this, at_); }
  void forget() noexcept { clock_.disarm(*this); }

 private:
  void fire() noexcept override { finish({}); }

  Clock& clock_;
  TimePoint at_;
};

struct Clock::Sleep {
  using operation_type = SleepOperation;
  Clock* clock = nullptr;
  TimePoint at;
};

inline SleepOperation::SleepOperation(const Clock::Sleep& description) noexcept
    : clock_(*description.clock), at_(description.at) {}

inline Clock::Sleep Clock::sleep_for(Duration duration) noexcept {
  return Sleep{this, saturating_add(now(), duration)};
}

inline Clock::Sleep Clock::sleep_until(TimePoint at) noexcept { return Sleep{this, at}; }

}  // namespace piccolo
