#include "real_clock.hpp"

namespace piccolo::real {

class RealClock::Handler {
 public:
  using allocator_type = HandlerAllocator<void>;

  explicit Handler(RealClock& clock) noexcept : clock_(&clock), memory_(clock.memory_) {}
  allocator_type get_allocator() const noexcept { return allocator_type(*memory_); }
  void operator()(const boost::system::error_code& error) {
    if (!error) clock_->alarm_rang();  // otherwise it was set anew
  }

 private:
  RealClock* clock_;
  std::shared_ptr<HandlerMemory> memory_;
};

TimePoint RealClock::now() const noexcept {
  return TimePoint(std::chrono::duration_cast<Duration>(Steady::now().time_since_epoch()));
}

WallTime RealClock::wall_now() const noexcept {
  const auto now = std::chrono::system_clock::now();
  return WallTime(std::chrono::duration_cast<Duration>(now.time_since_epoch()));
}

void RealClock::arm(Timer& timer, TimePoint at) {
  timers_.push(TimerKey{at, ++armed_}, timer);
  if (at < alarm_at_) set_alarm(at);
}

void RealClock::disarm(Timer& timer) noexcept { timers_.erase(timer); }

void RealClock::set_alarm(TimePoint at) {
  alarm_at_ = at;
  alarm_.expires_at(Steady::time_point(at.time_since_epoch()));
  alarm_.async_wait(Handler(*this));
}

void RealClock::alarm_rang() {
  alarm_at_ = never;
  const TimePoint present = now();
  while (!timers_.empty() && timers_.top_key().at <= present) timers_.pop().fire();
  if (!timers_.empty() && timers_.top_key().at < alarm_at_) set_alarm(timers_.top_key().at);
}

}  // namespace piccolo::real
