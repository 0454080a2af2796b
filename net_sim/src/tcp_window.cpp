// The congestion window, in segments: it doubles with each round trip until HyStart or a loss ends
// that, then grows linearly (RFC 5681), and shrinks by CUBIC's factor with the growth that goes
// with it (RFC 9438, 4.3: what CUBIC does at these sizes and times).

#include <algorithm>

#include "tcp.hpp"
#include "world_impl.hpp"

namespace piccolo {
namespace {

constexpr std::uint64_t hystart_from = 16;  // hystart_low_window
// bictcp_update() looks this often at how far the window should have grown: HZ / 32.
constexpr Duration growth_interval = std::chrono::microseconds(31'250);

}  // namespace

std::uint64_t TcpEnd::initial_window() const noexcept {
  const std::uint64_t segments = tcp().initial_window_segments;
  return segments == 0 ? UINT64_MAX : segments;
}

// By whole segments, as Linux does: of a small window that is more than 0.7 leaves.
void TcpEnd::shrink_window() noexcept {
  if (window_ == UINT64_MAX) return;
  slow_start_until_ = std::max<std::uint64_t>(window_ * 7 / 10, 2);
  toward_growth_ = 0;
}

// `used` is what was under way. A window that is not used says nothing about what the network
// bears: RFC 7661.
void TcpEnd::grow_window(std::uint64_t newly_acknowledged, std::uint64_t used) noexcept {
  if (window_ == UINT64_MAX) return;
  if (window_ < slow_start_until_) {
    if (2 * used >= window_) window_ += std::min(newly_acknowledged, slow_start_until_ - window_);
  } else if (used >= window_ && !recovering()) {
    toward_growth_ += newly_acknowledged;
    grow_linearly();
  }
}

void TcpEnd::grow_linearly() noexcept {
  // 3 * (1 - 0.7) / (1 + 0.7) = 9 / 17 of a segment in each round trip.
  std::uint64_t needed = std::max<std::uint64_t>(window_ * 17 / 9, 1);
  if (limit_known_) {
    if (world().now - growth_seen_ <= growth_interval) return;
    growth_seen_ = world().now;
  } else {
    // By 5 % in each as long as no loss has shown where the limit is.
    needed = std::min<std::uint64_t>(needed, 20);
  }
  window_ += toward_growth_ / needed;
  toward_growth_ %= needed;
}

void TcpEnd::watch_slow_start(TimePoint sent) noexcept {
  if (slow_start_until_ != UINT64_MAX || window_ < hystart_from || window_ == UINT64_MAX) return;
  if (hystart_.enough(world().now, world().now - sent, acknowledged_, next_)) {
    slow_start_until_ = window_;
  }
}

// RFC 2861, tcp_cwnd_restart(): halves with every time-out that passes unused.
void TcpEnd::restart_after_idle() noexcept {
  const std::uint64_t floor = initial_window();
  Duration idle = world().now - last_sent_;
  if (window_ <= floor) return;
  slow_start_until_ = std::max(slow_start_until_, window_ - window_ / 4);
  for (; idle > timeout_ && window_ > floor; idle -= timeout_) window_ /= 2;
  window_ = std::max(window_, floor);
}

}  // namespace piccolo
