// The sending half: windows, retransmission, round-trip times.

#include <algorithm>

#include "tcp.hpp"
#include "world_impl.hpp"

namespace piccolo {

void TcpEnd::serve_writer() noexcept {
  if (error_ || state_ == State::dead || fin_queued_) {
    std::error_code code = take_error();
    if (!code) code = std::make_error_code(std::errc::broken_pipe);
    report_failed(code);
    complete_write(failure(code));
    return;
  }
  const std::uint64_t held = outgoing_.end() - acknowledged_;
  const std::uint64_t room = world().options.tcp.send_buffer - held;
  if (room == 0) return;
  const auto wanted = writing()->data();
  const auto taken = wanted.first(std::min<std::uint64_t>(room, wanted.size()));
  outgoing_.append(taken);
  world().record(EventKind::write, connection_.id, static_cast<std::uint64_t>(role_), taken.size(),
                 hash_bytes(taken));
  world().observe([&](Observer& observer) { observer.wrote(describe(), taken); });
  complete_write(taken.size());
  transmit();
}

void TcpEnd::transmit() noexcept {
  const std::uint64_t most = world().options.tcp.segment_bytes_max;
  while (next_ < outgoing_.end() && next_ < limit_) {
    const std::uint64_t length = std::min({most, outgoing_.end() - next_, limit_ - next_});
    emit(Segment::ack, next_, static_cast<std::uint32_t>(length));
    next_ += length;
  }
  if (fin_queued_ && !fin_sent_ && next_ == outgoing_.end()) {
    emit(Segment::fin | Segment::ack, next_, 0);
    fin_sent_ = true;
  }
  arm_for_outstanding();
}

void TcpEnd::emit(std::uint8_t flags, std::uint64_t sequence, std::uint32_t length) noexcept {
  if (link_ == nullptr) return;  // no such host: every segment is lost
  // Without options an IP header takes 20 bytes and TCP's with timestamps 32 (RFC 791, 9293, 7323).
  constexpr std::uint32_t header_bytes = 52;
  constexpr std::uint32_t header_bytes_v6 = 72;
  Segment& segment = world().new_segment(connection_);
  segment.to = peer().role_;
  segment.flags = flags;
  segment.tag = static_cast<std::uint16_t>(flags | (static_cast<unsigned>(segment.to) << 8U));
  segment.sequence = sequence;
  segment.length = length;
  segment.wire_bytes = length + (local_.address.is_v4() ? header_bytes : header_bytes_v6);
  segment.acknowledged = received_ + (fin_received_ ? 1U : 0U);
  segment.limit = read_ + world().options.tcp.receive_buffer;
  segment.sent = world().now;
  segment.echo = recent_;
  advertised_ = segment.limit;
  segment.flow = &last_arrival_;
  segment.coordinate = mix64(draws_ + golden_gamma * ++emitted_);
  link_->send(segment);
}

// A receiver whose window was nearly shut tells the sender when there is room again; not for
// every byte (RFC 9293, 3.8.6.2.2: half the buffer, or a segment).
void TcpEnd::send_window_update() noexcept {
  if (state_ != State::established || fin_received_) return;
  const TcpOptions& options = world().options.tcp;
  const std::uint64_t left = advertised_ > received_ ? advertised_ - received_ : 0;
  const std::uint64_t would_be = read_ + options.receive_buffer - received_;
  const std::uint64_t worth = std::min(options.receive_buffer / 2, options.segment_bytes_max);
  if (left < options.segment_bytes_max && would_be >= left + worth) emit_ack();
}

void TcpEnd::arm_for_outstanding() noexcept {
  const bool in_flight = acknowledged_ < next_ || (fin_sent_ && !fin_acknowledged_);
  if (in_flight) {
    if (waiting_ != Waiting::retransmit) arm(Waiting::retransmit, patience());
  } else if (next_ < outgoing_.end()) {
    if (waiting_ != Waiting::window) arm(Waiting::window, patience());
  } else if (waiting_ == Waiting::retransmit || waiting_ == Waiting::window) {
    disarm();
  }
}

Duration TcpEnd::patience() const noexcept {
  constexpr std::uint32_t doublings_max = 16;  // beyond any sensible maximum, below any overflow
  const std::int64_t factor = std::int64_t{1} << std::min(backoff_, doublings_max);
  const Duration most = world().options.tcp.retransmit_max;
  return timeout_ > most / factor ? most : timeout_ * factor;
}

std::uint32_t TcpEnd::retries_max() const noexcept {
  // tcp_orphan_retries(): nobody waits for what a closed socket still has to send.
  constexpr std::uint32_t orphan_retries = 8;
  const std::uint32_t most = world().options.tcp.retransmits_max;
  return closed_ ? std::min(most, orphan_retries) : most;
}

void TcpEnd::retransmit() noexcept {
  if (++tries_ > retries_max()) return die(std::make_error_code(std::errc::timed_out));
  ++backoff_;
  next_ = acknowledged_;
  fin_sent_ = false;
  const std::uint64_t most = world().options.tcp.segment_bytes_max;
  const std::uint64_t length = std::min({most, outgoing_.end() - next_, limit_ - next_});
  if (length > 0) {
    emit(Segment::ack, next_, static_cast<std::uint32_t>(length));
    next_ += length;
  } else {
    emit(Segment::fin | Segment::ack, next_, 0);
    fin_sent_ = true;
  }
  arm(Waiting::retransmit, patience());
}

void TcpEnd::probe_window() noexcept {
  // tcp_probe_timer(): a closed socket gives up on a window that stays shut.
  const bool tired = closed_ && patience() >= world().options.tcp.retransmit_max;
  if (++tries_ > retries_max() || tired) return die(std::make_error_code(std::errc::timed_out));
  ++backoff_;
  emit(Segment::ack | Segment::probe, next_, 0);
  arm(Waiting::window, patience());
}

// RFC 6298, section 2, with alpha = 1/8 and beta = 1/4. Timestamps tell which of several tries was
// answered, so that also what was sent twice can be measured (RFC 7323, 4.1).
void TcpEnd::measure_round_trip(TimePoint sent) noexcept {
  const TcpOptions& options = world().options.tcp;
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
