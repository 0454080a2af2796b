#pragma once

// The machine's clocks. All timers of a loop share one timer of Asio's.

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>

#include "handler_memory.hpp"
#include "piccolo/core/clock.hpp"

namespace piccolo::real {

class RealClock final : public Clock {
 public:
  explicit RealClock(boost::asio::io_context& io) : alarm_(io) {}

  TimePoint now() const noexcept override;
  WallTime wall_now() const noexcept override;
  void arm(Timer& timer, TimePoint at) override;
  void disarm(Timer& timer) noexcept override;

 private:
  class Handler;
  using Steady = std::chrono::steady_clock;
  using Alarm = boost::asio::basic_waitable_timer<Steady, boost::asio::wait_traits<Steady>,
                                                  boost::asio::io_context::executor_type>;
  static constexpr TimePoint never = TimePoint::max();

  void set_alarm(TimePoint at);
  void alarm_rang();

  // Shared with the handler, which a dying io_context destroys after the clock.
  std::shared_ptr<HandlerMemory> memory_ = std::make_shared<HandlerMemory>();
  TimerQueue timers_;
  std::uint64_t armed_ = 0;
  // May ring too early, for a timer that was disarmed: cheaper than setting it for each.
  TimePoint alarm_at_ = never;
  Alarm alarm_;
};

}  // namespace piccolo::real
