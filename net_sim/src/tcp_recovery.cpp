// Loss recovery and the congestion window. Lost is what is missing below the highest range that the
// peer acknowledged selectively, after three such signs (RFC 6675) or when the gap was given a
// quarter of a round trip to close (RFC 8985, 6.2); and, after a time-out, everything. The window
// doubles and then grows linearly (RFC 5681), and shrinks by CUBIC's factor with the growth that
// goes with it (RFC 9438, 4.3: what CUBIC does at these sizes and times).

#include <algorithm>

#include "tcp.hpp"
#include "world_impl.hpp"

namespace piccolo {
namespace {

constexpr std::uint32_t signs_needed = 3;  // RFC 6675's DupThresh, net.ipv4.tcp_reordering

}  // namespace

std::uint64_t TcpEnd::initial_window() const noexcept {
  const std::uint64_t segments = tcp().initial_window_segments;
  return segments == 0 ? UINT64_MAX : segments * segment_bytes_;
}

void TcpEnd::note_selective(const Segment& segment) noexcept {
  for (std::uint8_t index = 0; index < segment.selective_count; ++index) {
    const Range& range = segment.selective[index];
    if (range.end > acknowledged_) selective_.insert(range);
  }
  selective_.discard_before(acknowledged_);
  if (segment.selective_count == 0 || selective_.empty()) {
    signs_of_loss_ = 0;
    if (waiting_ == Waiting::reordering) disarm();
  } else if (recovering()) {
    lost_before_ = std::max(lost_before_, selective_.ranges().back().begin);
  } else if (++signs_of_loss_ >= signs_needed) {
    recover_from_gap();
  } else if (signs_of_loss_ == 1) {
    arm(Waiting::reordering, smoothed_ / 4);
  }
}

void TcpEnd::recover_from_gap() noexcept {
  if (waiting_ == Waiting::reordering) disarm();
  if (selective_.empty() || recovering()) return;
  shrink_window();
  window_ = slow_start_until_;
  presume_lost(selective_.ranges().back().begin);
  allowance_ = segment_bytes_;
}

void TcpEnd::go_on_recovering(std::uint64_t newly_delivered, bool advanced) noexcept {
  if (!recovering()) {
    recovery_point_ = 0;
    allowance_ = UINT64_MAX;
    return;
  }
  // A stream puts into the network what was taken out of it and a little more (RFC 6937's slow
  // start reduction bound), so that no burst loses what it repairs.
  if (allowance_ != UINT64_MAX) allowance_ = newly_delivered + segment_bytes_;
  if (advanced) {
    head_resent_ = world().now;
  } else if (newly_delivered > 0 && world().now - head_resent_ > smoothed_ + smoothed_ / 4) {
    resend_head();  // what was sent after it has arrived: it was lost again (RFC 8985, 6.2)
  }
}

void TcpEnd::resend_head() noexcept {
  const Range gap = selective_.gap_after(acknowledged_);
  const std::uint64_t end = std::min({gap.end, resent_before_, outgoing_.end()});
  if (gap.begin >= end) return;
  head_resent_ = world().now;
  emit(Segment::ack, gap.begin,
       static_cast<std::uint32_t>(std::min(end - gap.begin, segment_bytes_)));
}

void TcpEnd::shrink_window() noexcept {
  if (window_ == UINT64_MAX) return;
  slow_start_until_ = std::max(window_ / 10 * 7, 2 * segment_bytes_);
}

void TcpEnd::presume_lost(std::uint64_t up_to) noexcept {
  recovery_point_ = next_;
  lost_before_ = up_to;
  resent_before_ = acknowledged_;
  head_resent_ = world().now;
  signs_of_loss_ = 0;
  allowance_ = UINT64_MAX;
}

std::uint64_t TcpEnd::in_flight() const noexcept {
  std::uint64_t bytes = next_ - acknowledged_;
  if (selective_.empty() && !recovering()) return bytes;
  bytes -= selective_.covered_within({acknowledged_, next_});
  const std::uint64_t from = std::max(resent_before_, acknowledged_);
  if (recovering() && from < lost_before_) {
    bytes -= lost_before_ - from - selective_.covered_within({from, lost_before_});
  }
  return bytes;
}

bool TcpEnd::window_allows(std::uint64_t length) const noexcept {
  const std::uint64_t flying = in_flight();
  return flying == 0 || (flying + length <= window_ && length <= allowance_);
}

// Sends the next piece of what is presumed lost; false when there is none, or no room for it.
bool TcpEnd::resend_lost() noexcept {
  if (!recovering()) return false;
  const Range gap = selective_.gap_after(std::max(resent_before_, acknowledged_));
  const std::uint64_t end = std::min({gap.end, lost_before_, outgoing_.end()});
  if (gap.begin >= end) return false;
  const std::uint64_t length = std::min(end - gap.begin, segment_bytes_);
  if (!window_allows(length)) return false;
  resent_before_ = gap.begin + length;
  spend_allowance(length);
  emit(Segment::ack, gap.begin, static_cast<std::uint32_t>(length));
  return true;
}

void TcpEnd::spend_allowance(std::uint64_t bytes) noexcept {
  if (allowance_ != UINT64_MAX) allowance_ -= std::min(allowance_, bytes);
}

// A window that is not used says nothing about what the network bears: RFC 7661.
void TcpEnd::grow_window(std::uint64_t newly_acknowledged) noexcept {
  if (window_ == UINT64_MAX) return;
  const std::uint64_t used = next_ - acknowledged_;
  if (window_ < slow_start_until_) {
    if (2 * used >= window_) window_ += std::min(newly_acknowledged, slow_start_until_ - window_);
  } else if (used + segment_bytes_ >= window_ && !recovering()) {
    // 3 * (1 - 0.7) / (1 + 0.7) = 9 / 17 of a segment in each round trip.
    window_ += std::max<std::uint64_t>(segment_bytes_ * newly_acknowledged * 9 / 17 / window_, 1);
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
