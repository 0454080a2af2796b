// Loss recovery. Lost is what is missing below the highest range that the peer acknowledged
// selectively, after three such signs (RFC 6675) or when the gap was given a quarter of a round
// trip to close (RFC 8985, 6.2); and, after a time-out, everything.

#include <algorithm>

#include "tcp.hpp"
#include "world_impl.hpp"

namespace piccolo {
namespace {

constexpr std::uint32_t signs_needed = 3;  // RFC 6675's DupThresh, net.ipv4.tcp_reordering

}  // namespace

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
    give_gap_time();
  }
}

// What is missing should have been acknowledged a round trip after it was sent: a probe that comes
// much later leaves the gap no time (tcp_rack_reo_timeout).
void TcpEnd::give_gap_time() noexcept {
  const Duration since = world().now - sent_.first_sent();
  const Duration time = std::min(smoothed_ - since, Duration(0)) + smoothed_ / 4;
  if (time.count() <= 0) return recover_from_gap();
  arm(Waiting::reordering, time);
}

void TcpEnd::recover_from_gap() noexcept {
  if (waiting_ == Waiting::reordering) disarm();
  if (selective_.empty() || recovering()) return;
  shrink_window();
  limit_known_ = true;
  window_ = slow_start_until_;
  presume_lost(selective_.ranges().back().begin);
  allowance_ = 1;
}

void TcpEnd::go_on_recovering(std::uint64_t newly_delivered, bool advanced) noexcept {
  if (!recovering()) {
    recovery_point_ = 0;
    allowance_ = UINT64_MAX;
    return;
  }
  // A stream puts into the network what was taken out of it and a little more (RFC 6937's slow
  // start reduction bound), so that no burst loses what it repairs.
  if (allowance_ != UINT64_MAX) allowance_ = newly_delivered + 1;
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

void TcpEnd::presume_lost(std::uint64_t up_to) noexcept {
  recovery_point_ = next_;
  lost_before_ = up_to;
  resent_before_ = acknowledged_;
  head_resent_ = world().now;
  signs_of_loss_ = 0;
  allowance_ = UINT64_MAX;
  probed_up_to_ = 0;
}

// Segments, which the peer has though something before them is missing.
std::uint64_t TcpEnd::selected_within(const Range& window) const noexcept {
  std::uint64_t sum = 0;
  for (const Range& each : selective_.ranges()) {
    sum += sent_.count_within({std::max(each.begin, window.begin), std::min(each.end, window.end)});
  }
  return sum;
}

std::uint64_t TcpEnd::in_flight() const noexcept {
  std::uint64_t segments = sent_.size();
  if (selective_.empty() && !recovering()) return segments;
  segments -= selected_within({acknowledged_, next_});
  const std::uint64_t from = std::max(resent_before_, acknowledged_);
  if (recovering() && from < lost_before_) {
    const Range lost{from, lost_before_};
    segments -= sent_.count_within(lost) - selected_within(lost);
  }
  return segments;
}

bool TcpEnd::window_allows_segment() const noexcept {
  const std::uint64_t flying = in_flight();
  return flying == 0 || (flying < window_ && allowance_ > 0);
}

// Sends the next piece of what is presumed lost; false when there is none, or no room for it.
bool TcpEnd::resend_lost() noexcept {
  if (!recovering()) return false;
  const Range gap = selective_.gap_after(std::max(resent_before_, acknowledged_));
  const std::uint64_t end = std::min({gap.end, lost_before_, outgoing_.end()});
  if (gap.begin >= end) return false;
  const std::uint64_t length = std::min(end - gap.begin, segment_bytes_);
  if (!window_allows_segment()) return false;
  resent_before_ = gap.begin + length;
  spend_allowance();
  emit(Segment::ack, gap.begin, static_cast<std::uint32_t>(length));
  return true;
}

void TcpEnd::spend_allowance() noexcept {
  if (allowance_ != UINT64_MAX && allowance_ > 0) --allowance_;
}

}  // namespace piccolo
