#pragma once

// A deadline that calls back. Intrusive: whoever waits owns the timer, arming allocates nothing.

#include <cstdint>

#include "piccolo/core/indexed_heap.hpp"
#include "piccolo/core/time.hpp"

namespace piccolo {

class Timer : public HeapHook {
 public:
  // Called once, by the clock, at or after the deadline; the timer is disarmed by then and may be
  // armed again or destroyed from within.
  virtual void fire() noexcept = 0;

 protected:
  ~Timer() = default;
};

struct TimerKey {
  TimePoint at;
  std::uint64_t tie = 0;  // orders equal times; chosen by the world

  __extension__ using Wide = __int128;
  constexpr Wide wide() const noexcept {
    return (static_cast<Wide>(at.time_since_epoch().count()) << 64U) | static_cast<Wide>(tie);
  }
  friend constexpr bool operator<(const TimerKey& a, const TimerKey& b) noexcept {
    // As one wide number: the ties are random, and a branch on them is a wrong guess every other
    // time.
    return a.wide() < b.wide();
  }
  friend constexpr bool operator==(const TimerKey&, const TimerKey&) noexcept = default;
};

using TimerQueue = IndexedHeap<TimerKey, Timer>;

}  // namespace piccolo
