// Tail loss probes (RFC 8985, 7): when acknowledgements fail to come for two round trips, one
// segment more is sent. Whatever was lost before it shows as a gap, which costs a round trip
// instead of a time-out; and a time-out counts from the probe on.

#include <algorithm>

#include "tcp.hpp"
#include "world_impl.hpp"

namespace piccolo {
namespace {

constexpr Duration least_wait = std::chrono::milliseconds(2);  // TCP_TIMEOUT_MIN_US

}  // namespace

// tcp_schedule_loss_probe(): nothing shows a loss yet. One probe for each tail, but the time-out
// of what is sent after it counts in the same way.
bool TcpEnd::may_probe() const noexcept {
  return tcp().tail_loss_probes && backoff_ == 0 && !recovering() && selective_.empty();
}

// A lone segment gets the time in which its acknowledgement may be delayed. The probe is never
// later than the time-out, which counts from the first segment on its way, or from now on when
// that has just changed.
void TcpEnd::schedule_probe(bool anew) noexcept {
  const TimePoint now = world().now;
  const bool fin = fin_sent_ && !fin_acknowledged_;
  const bool alone = sent_.size() + (fin ? 1U : 0U) == 1;
  probe_from_ = now;
  probe_after_ = 2 * smoothed_ + (alone ? tcp().retransmit_min : least_wait);
  const TimePoint since = anew || sent_.empty() ? now : sent_.first_sent();
  const Duration left = saturating_add(since, patience()) - now;
  if (left.count() > 0) probe_after_ = std::min(probe_after_, left);
  // Later than before is found out when the timer strikes: most writes postpone it.
  const TimePoint at = saturating_add(now, probe_after_);
  if (waiting_ == Waiting::probe && timer_at_ <= at) return;
  arm(Waiting::probe, probe_after_);
}

void TcpEnd::probe_timer_fired() noexcept {
  const TimePoint due = saturating_add(probe_from_, in_ticks(probe_after_));
  if (world().now < due) return arm(Waiting::probe, due - world().now);
  timeout_ = in_ticks(timeout_);
  if (probed_up_to_ == 0 && may_probe()) {
    send_probe();
    arm(Waiting::retransmit, patience());
  } else {
    const TimePoint since = sent_.empty() ? probe_from_ : sent_.first_sent();
    const Duration left = saturating_add(since, patience()) - world().now;
    arm(Waiting::retransmit, std::max(left, tcp().timer_tick));
  }
}

// tcp_send_loss_probe(): something new if there is, however full the congestion window; else the
// last segment again.
void TcpEnd::send_probe() noexcept {
  probe_was_new_ = next_ < outgoing_.end() && next_ < limit_;
  if (probe_was_new_) {
    send_new_segment();
  } else if (fin_sent_) {
    emit(Segment::fin | Segment::ack, next_, 0);
  } else {
    const std::uint64_t begin = sent_.last_begin(acknowledged_);
    emit(Segment::ack, begin, static_cast<std::uint32_t>(next_ - begin));
    sent_.resent_last(world().now);
  }
  probed_up_to_ = next_ + (fin_sent_ ? 1U : 0U);
}

// tcp_process_tlp_ack(): what was sent again and arrived once had been lost, and says as much about
// the network as any other loss. If it arrived twice, the second arrival is acknowledged as well.
void TcpEnd::settle_probe(const Segment& segment, bool advanced) noexcept {
  if (segment.acknowledged < probed_up_to_) return;
  const bool repaired = !probe_was_new_ && segment.acknowledged > probed_up_to_;
  const bool twice = !advanced && segment.length == 0 && segment.selective_count == 0;
  if (!probe_was_new_ && !repaired && !twice) return;
  probed_up_to_ = 0;
  if (!repaired || recovering()) return;
  shrink_window();
  window_ = std::min(window_, slow_start_until_);
}

}  // namespace piccolo
