#include "host_clock.hpp"

#include <algorithm>

namespace piccolo {
namespace {

__extension__ using WideSigned = __int128;
constexpr std::int64_t million = 1'000'000;

Duration held(WideSigned nanoseconds) noexcept {
  constexpr WideSigned most = Duration::max().count();
  constexpr WideSigned least = Duration::min().count();
  return Duration(static_cast<std::int64_t>(std::clamp(nanoseconds, least, most)));
}

}  // namespace

TimePoint HostClock::drifted(TimePoint now) const noexcept {
  const WideSigned passed = (now - since_).count();
  // Rounded down: what has not passed yet has not passed.
  return saturating_add(saturating_add(since_, ahead_), held(passed * (million + ppm_) / million));
}

TimePoint HostClock::when(TimePoint deadline) const noexcept {
  const TimePoint base = saturating_add(since_, ahead_);
  if (deadline == TimePoint::max() || deadline <= base) {
    return deadline <= base ? since_ : deadline;
  }
  const WideSigned left = (deadline - base).count();
  const WideSigned rate = million + ppm_;
  return saturating_add(since_, held((left * million + rate - 1) / rate));
}

WallTime HostClock::wall(TimePoint now, WallTime start) const noexcept {
  const WideSigned sum = WideSigned{start.time_since_epoch().count()} +
                         local(now).time_since_epoch().count() + wall_ahead_.count();
  return WallTime(held(sum));
}

void HostClock::drift(TimePoint now, std::int32_t ppm) noexcept {
  ahead_ = local(now) - now;
  since_ = now;
  ppm_ = ppm;
}

void HostClock::step_wall(Duration by) noexcept {
  wall_ahead_ = held(WideSigned{wall_ahead_.count()} + by.count());
}

}  // namespace piccolo
