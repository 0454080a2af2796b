// The sending half: windows, retransmission, round-trip times.

#include <algorithm>
#include <utility>

#include "incarnation.hpp"
#include "tcp.hpp"
#include "world_impl.hpp"

namespace piccolo {

void TcpEnd::serve_writer() noexcept {
  if (holder_->holds_back()) return;
  if (error_ || state_ == State::dead || fin_queued_) {
    std::error_code code = take_error();
    if (!code) code = std::make_error_code(std::errc::broken_pipe);
    report_failed(code);
    complete_write(failure(code));
    return;
  }
  const std::uint64_t held = outgoing_.end() - acknowledged_;
  const std::uint64_t room = tcp().send_buffer - held;
  if (room == 0) return;
  const auto wanted = writing()->data();
  const auto taken = wanted.first(shortened(std::min<std::uint64_t>(room, wanted.size()),
                                            site_hash("short write"), outgoing_.end()));
  outgoing_.append(taken);
  world().record(EventKind::write, connection_.id, static_cast<std::uint64_t>(role_), taken.size(),
                 hash_bytes(taken));
  world().observe(*this,
                  [&](Observer& observer, const StreamEnd& end) { observer.wrote(end, taken); });
  complete_write(taken.size());
  transmit();
}

void TcpEnd::transmit() noexcept {
  if (acknowledged_ == next_ && world().now - last_sent_ > timeout_) restart_after_idle();
  if (recovering()) transmit_lost();
  const bool more = (!recovering() || all_resent()) && transmit_new();
  arm_for_outstanding(more);
}

void TcpEnd::transmit_lost() noexcept {
  while (resend_lost()) {
  }
}

bool TcpEnd::all_resent() const noexcept {
  return selective_.gap_after(std::max(resent_before_, acknowledged_)).begin >= lost_before_;
}

// False when there is nothing, or no room for it.
bool TcpEnd::transmit_new() noexcept {
  const std::uint64_t before = next_;
  while (next_ < outgoing_.end() && next_ < limit_ && window_allows_segment()) {
    spend_allowance();
    send_new_segment();
  }
  if (fin_queued_ && !fin_sent_ && next_ == outgoing_.end()) {
    emit(Segment::fin | Segment::ack, next_, 0);
    fin_sent_ = true;
    return true;
  }
  return next_ > before;
}

void TcpEnd::send_new_segment() noexcept {
  const std::uint64_t length = std::min({segment_bytes_, outgoing_.end() - next_, limit_ - next_});
  emit(Segment::ack, next_, static_cast<std::uint32_t>(length));
  next_ += length;
  sent_.append(next_, world().now);
}

void TcpEnd::emit(std::uint8_t flags, std::uint64_t sequence, std::uint32_t length) noexcept {
  if (link_ == nullptr) return;  // no such host: every segment is lost
  Segment& segment = world().new_segment(connection_);
  segment.to = peer().role_;
  segment.will_read(&peer());
  segment.flags = flags;
  segment.tag = static_cast<std::uint16_t>(flags | (static_cast<unsigned>(segment.to) << 8U));
  segment.sequence = sequence;
  segment.length = length;
  const std::uint32_t syn_options = (flags & Segment::syn) != 0 ? 8 : 0;
  segment.wire_bytes =
      length + syn_options + (local_.address.is_v4() ? header_bytes_v4 : header_bytes_v6);
  segment.acknowledged = received_in_order();
  segment.limit = host_ != nullptr ? read_ + tcp().receive_buffer : 0;
  segment.sent = last_sent_ = world().now;
  segment.echo = recent_;
  segment.selective_count = 0;
  if (!out_of_order_.empty()) report_out_of_order(segment);
  advertised_ = segment.limit;
  delayed_ack_.sent(segment.acknowledged);
  EventQueue::call_off(ack_timer_);
  if (length > 0) delayed_ack_.data_sent(world().now);
  segment.flow = &last_arrival_;
  segment.coordinate = mix64(draws_ + golden_gamma * ++emitted_);
  link_->send(segment);
}

void TcpEnd::report_out_of_order(Segment& segment) noexcept {
  segment.selective[segment.selective_count++] = latest_out_of_order_;
  for (const Range& range : out_of_order_.ranges()) {
    if (segment.selective_count == segment.selective.size()) break;
    if (range != latest_out_of_order_) segment.selective[segment.selective_count++] = range;
  }
  segment.wire_bytes += 4U + 8U * segment.selective_count;
}

// tcp_cleanup_rbuf(): the program has read, which is a good moment to tell the sender.
void TcpEnd::acknowledge_read() noexcept {
  if (state_ != State::established) return;
  if (window_reopened() || delayed_ack_.due_after_read(received_in_order(), readable() == 0)) {
    emit_ack();
  }
}

// A receiver whose window was nearly shut tells the sender when there is room again; not for
// every byte (RFC 9293, 3.8.6.2.2: half the buffer, or a segment).
bool TcpEnd::window_reopened() const noexcept {
  if (fin_received_) return false;
  const std::uint64_t buffer = tcp().receive_buffer;
  const std::uint64_t left = advertised_ > received_ ? advertised_ - received_ : 0;
  const std::uint64_t would_be = read_ + buffer - received_;
  const std::uint64_t worth = std::min(buffer / 2, segment_bytes_);
  return left < segment_bytes_ && would_be >= left + worth;
}

// `sent_more`: something new has just been sent.
void TcpEnd::arm_for_outstanding(bool sent_more) noexcept {
  const bool unacknowledged = acknowledged_ < next_ || (fin_sent_ && !fin_acknowledged_);
  if (unacknowledged) {
    const bool anew = !waits_for_acknowledgement();
    const bool later = sent_more && (waiting_ == Waiting::probe || probed_up_to_ > 0);
    if ((anew || later) && may_probe()) {
      schedule_probe(anew);
    } else if (anew) {
      arm(Waiting::retransmit, patience());
    }
  } else if (next_ < outgoing_.end()) {
    if (waiting_ != Waiting::window) arm(Waiting::window, patience());
  } else {
    if (waits_for_acknowledgement() || waiting_ == Waiting::window) disarm();
    if (keep_alive_.enabled && waiting_ == Waiting::nothing) {
      arm(Waiting::keep_alive, keep_alive_.idle);
    }
  }
}

Duration TcpEnd::patience() const noexcept {
  constexpr std::uint32_t doublings_max = 16;  // beyond any sensible maximum, below any overflow
  const std::int64_t factor = std::int64_t{1} << std::min(backoff_, doublings_max);
  const Duration most = tcp().retransmit_max;
  return timeout_ > most / factor ? most : timeout_ * factor;
}

std::uint32_t TcpEnd::retries_max() const noexcept {
  // tcp_orphan_retries(): nobody waits for what a closed socket still has to send.
  constexpr std::uint32_t orphan_retries = 8;
  const std::uint32_t most = tcp().retransmits_max;
  return closed_ ? std::min(most, orphan_retries) : most;
}

// retransmits_timed_out() and tcp_model_timeout(): the stream has lived long enough when the time
// since the first retransmission is what `retries_max` doublings of the smallest time-out would
// take.
bool TcpEnd::retried_enough() const noexcept {
  const std::int64_t shortest = tcp().retransmit_min.count();
  const std::int64_t longest = tcp().retransmit_max.count();
  std::int64_t patience = shortest;
  std::int64_t step = shortest;
  for (std::uint32_t tries = 0; tries < retries_max(); ++tries) {
    step = step > longest / 2 ? longest : 2 * step;
    if (patience > INT64_MAX - step) break;
    patience += step;
  }
  return world().now - first_retry_ >= Duration(patience);
}

Duration TcpEnd::in_ticks(Duration time) const noexcept {
  const Duration tick = tcp().timer_tick;
  return (time + tick - Duration(1)) / tick * tick;
}

// The kernel counts in ticks. Rounding up only when the time-out strikes costs it another event;
// rounding when the timer is set would cost every segment a division.
bool TcpEnd::too_early_by_a_tick(Waiting what) noexcept {
  const Duration rounded = in_ticks(timeout_);
  const Duration missing = rounded - std::exchange(timeout_, rounded);
  if (missing.count() == 0) return false;
  arm(what, missing);
  return true;
}

void TcpEnd::retransmit() noexcept {
  if (too_early_by_a_tick(Waiting::retransmit)) return;
  if (tries_++ == 0) {
    first_retry_ = world().now;
  } else if (retried_enough()) {
    return die(std::make_error_code(std::errc::timed_out));
  }
  ++backoff_;
  fin_sent_ = false;
  if (acknowledged_ < next_) {
    if (!recovering()) shrink_window();
    window_ = window_ == UINT64_MAX ? window_ : 1;
    limit_known_ = false;
    presume_lost(next_);
    resend_lost();
  } else {
    emit(Segment::fin | Segment::ack, next_, 0);
    fin_sent_ = true;
  }
  arm(Waiting::retransmit, patience());
}

void TcpEnd::probe_window() noexcept {
  if (too_early_by_a_tick(Waiting::window)) return;
  // tcp_probe_timer(): a closed socket gives up on a window that stays shut.
  const bool tired = closed_ && patience() >= tcp().retransmit_max;
  if (++tries_ > retries_max() || tired) return die(std::make_error_code(std::errc::timed_out));
  ++backoff_;
  emit(Segment::ack | Segment::probe, next_, 0);
  arm(Waiting::window, patience());
}

// tcp_keepalive_timer(): asks a peer that was silent for long whether it is still there.
void TcpEnd::keep_alive() noexcept {
  const Duration silence = world().now - last_heard_;
  if (silence < keep_alive_.idle) {
    tries_ = 0;
    return arm(Waiting::keep_alive, keep_alive_.idle - silence);
  }
  if (tries_++ >= keep_alive_.probes) return die(std::make_error_code(std::errc::timed_out));
  emit(Segment::ack | Segment::probe, next_, 0);
  arm(Waiting::keep_alive, keep_alive_.interval);
}

// RFC 6298, section 2, with alpha = 1/8 and beta = 1/4. Timestamps tell which of several tries was
// answered, so that also what was sent twice can be measured (RFC 7323, 4.1).
void TcpEnd::measure_round_trip(TimePoint sent) noexcept {
  const TcpOptions& options = tcp();
  const Duration sample = world().now - sent;
  if (smoothed_.count() == 0) {
    smoothed_ = sample;
    variation_ = sample / 2;
  } else {
    const Duration off = sample > smoothed_ ? sample - smoothed_ : smoothed_ - sample;
    variation_ += (off - variation_) / 4;
    smoothed_ += (sample - smoothed_) / 8;
  }
  // Linux bounds the variation's share from below, not the sum: tcp_set_rto, TCP_RTO_MIN.
  const Duration margin = std::max(4 * variation_, options.retransmit_min);
  timeout_ = std::min(smoothed_ + margin, options.retransmit_max);
}

}  // namespace piccolo
