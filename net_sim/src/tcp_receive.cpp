// The receiving half: acknowledgements, payload, FIN, RST.

#include <algorithm>
#include <utility>

#include "incarnation.hpp"
#include "tcp.hpp"
#include "world_impl.hpp"

namespace piccolo {

void TcpEnd::arrive_established(const Segment& segment) {
  if (segment.has(Segment::rst)) {
    // tcp_timewait_state_process(): a reset only ends the waiting.
    if (state_ == State::time_wait) return die({});
    // RFC 5961, 3.2: a reset that came before its turn is asked about, and repeated by a peer that
    // means it.
    if (segment.sequence > received_ + (fin_received_ ? 1U : 0U)) return emit_ack();
    return reset_by_peer();
  }
  last_heard_ = world().now;
  if (segment.has(Segment::syn)) return emit_ack();  // our last step of the handshake was lost
  take_acknowledgement(segment);
  if (state_ == State::dead) return;
  take_payload(segment);
  if (state_ == State::dead) return;
  finish_if_done();
}

void TcpEnd::take_acknowledgement(const Segment& segment) noexcept {
  const std::uint64_t data = std::min(segment.acknowledged, outgoing_.end());
  const bool was_recovering = recovery_point_ > 0;
  const std::uint64_t delivered_before = was_recovering ? delivered() : 0;
  const std::uint64_t used = sent_.size();
  const bool fin_news = fin_queued_ && !fin_acknowledged_ && segment.acknowledged > outgoing_.end();
  const bool advanced = data > acknowledged_;
  if (advanced || fin_news) {
    measure_round_trip(segment.echo);
    const std::uint64_t newly = sent_.discard_before(data);
    grow_window(newly, used);
    acknowledged_segments_ += newly;
    acknowledged_ = data;
    watch_slow_start(segment.echo);
    if (fin_news) fin_sent_ = fin_acknowledged_ = true;
    backoff_ = 0;
    tries_ = 0;
    disarm();
    outgoing_.discard_before(std::min(acknowledged_, peer().read_));
    if (writing() != nullptr) serve_writer();
  } else if (waiting_ == Waiting::window) {
    // The peer lives, and may keep its window shut for ever: tcp_ack_probe() counts anew, but asks
    // ever more seldom until the window opens.
    tries_ = 0;
    if (next_ < limit_) backoff_ = 0;
  }
  if (probed_up_to_ > 0) settle_probe(segment, advanced || fin_news);
  if (segment.selective_count > 0 || !selective_.empty()) note_selective(segment);
  if (was_recovering) go_on_recovering(delivered() - delivered_before, advanced);
  transmit();
}

void TcpEnd::take_payload(const Segment& segment) noexcept {
  const std::uint64_t end = segment.sequence + segment.length;
  if (closed_ && segment.length > 0 && end > received_) {
    // Nobody will ever read this: tcp_rcv_state_process() answers news after a close with a reset.
    emit_reset();
    die({});
    return;
  }
  const bool had_gap = !out_of_order_.empty();
  const bool bytes = take_bytes(segment);
  const bool fin = take_fin(segment);
  if (bytes) {
    delayed_ack_.data_arrived(world().now, segment.length, segment_bytes_, delayed_ack_limits());
  }
  if (fin) delayed_ack_.fin_arrived();
  if ((bytes || fin) && reading() != nullptr) wake_reader();
  acknowledge(segment, bytes || fin, had_gap);
}

void TcpEnd::acknowledge(const Segment& segment, bool news, bool had_gap) noexcept {
  if (!news) {
    // What came twice, too early or as a probe: the sender must learn where we are.
    const bool twice = segment.length > 0 && segment.sequence < received_;
    if (twice) delayed_ack_.hurry(delayed_ack_limits());
    const bool asks = segment.has(Segment::fin) || segment.has(Segment::probe);
    if (segment.length > 0 || asks) emit_ack();
  } else if (!delayed_ack_.owed()) {
    // The program has read it, and that has opened the window.
  } else if (had_gap || (fin_received_ && fin_queued_) || delayed_ack_.due(received_in_order())) {
    // RFC 5681, 4.2: of a gap and of its end the sender must know at once. Nor is there a reason to
    // wait when this end has nothing to say any more.
    emit_ack();
  } else if (!ack_timer_.armed()) {
    const TimePoint at = saturating_add(world().now, delayed_ack_.patience(smoothed_));
    world().schedule(ack_timer_, at, world().tie(mix(draws_, ~received_in_order())));
  }
}

void TcpEnd::acknowledge_late() noexcept {
  if (!delayed_ack_.owed()) return;
  delayed_ack_.waited_in_vain(delayed_ack_limits());
  emit_ack();
}

void TcpEnd::forget_acknowledgement() noexcept {
  delayed_ack_.forget();
  EventQueue::call_off(ack_timer_);
}

DelayedAck::Limits TcpEnd::delayed_ack_limits() const noexcept {
  return {tcp().ack_delay, tcp().receive_buffer, timeout_};
}

bool TcpEnd::take_bytes(const Segment& segment) noexcept {
  const std::uint64_t end = segment.sequence + segment.length;
  if (segment.length == 0 || end <= received_) return false;
  if (segment.sequence > received_) {
    latest_out_of_order_ = out_of_order_.insert({segment.sequence, end});
    return false;
  }
  received_ = end;
  if (out_of_order_.empty()) return true;
  out_of_order_.discard_before(received_);
  if (!out_of_order_.empty() && out_of_order_.ranges().front().begin == received_) {
    received_ = out_of_order_.ranges().front().end;
    out_of_order_.discard_before(received_);
  }
  return true;
}

bool TcpEnd::take_fin(const Segment& segment) noexcept {
  if (segment.has(Segment::fin)) fin_at_ = segment.sequence + segment.length;
  if (fin_at_ != received_ || fin_received_) return false;
  fin_received_ = true;
  peer_ended_first_ = !fin_queued_;
  return true;
}

void TcpEnd::wake_reader() noexcept {
  const auto most = static_cast<std::uint64_t>(tcp().wake_delay_max.count());
  if (most == 0) return serve_reader();
  if (wake_timer_.armed()) return;
  const std::uint64_t drawn = mix64(mix(draws_, received_));
  const Duration delay(static_cast<std::int64_t>(scale_to(drawn, most + 1)));
  world().schedule(wake_timer_, saturating_add(world().now, delay), world().tie(mix64(drawn)));
}

// The far end was cut away by a hang-up: whatever stands in its place knows nothing of the
// stream, so data is answered by a reset; a FIN is taken for an answer.
void TcpEnd::answer_severed(const Segment& segment) noexcept {
  if (state_ == State::dead) return;
  if (segment.length > 0 || segment.has(Segment::probe)) return reset_by_peer();
  if (!segment.has(Segment::fin) || fin_acknowledged_) return;
  fin_acknowledged_ = true;
  disarm();
  finish_if_done();
}

void TcpEnd::reset_by_peer() noexcept {
  // tcp_reset(): EPIPE in CLOSE_WAIT, else ECONNRESET.
  const bool close_wait = fin_received_ && !fin_queued_;
  die(std::make_error_code(close_wait ? std::errc::broken_pipe : std::errc::connection_reset));
}

void TcpEnd::serve_reader() noexcept {
  if (holder_->holds_back()) return;
  std::uint64_t length = std::min<std::uint64_t>(reading()->buffer().size(), readable());
  length = shortened(length, site_hash("short read"), read_);
  if (length > 0) {
    const auto bytes = reading()->buffer().first(length);
    peer().outgoing_.copy_out(read_, bytes);
    read_ += length;
    peer().outgoing_.discard_before(std::min(peer().acknowledged_, read_));
    report_read(bytes);
    complete_read(bytes.size());
    acknowledge_read();
  } else if (error_ && !fin_received_) {
    const std::error_code code = take_error();
    report_failed(code);
    complete_read(failure(code));
  } else if (fin_received_ || state_ == State::dead) {
    // Once the end has arrived, tcp_recvmsg() gives 0 whatever comes after it (SOCK_DONE).
    notice_hang_up();
    report_read({});
    complete_read(0);
  }
}

void TcpEnd::report_read(std::span<const std::byte> bytes) noexcept {
  world().record(EventKind::read, connection_.id, static_cast<std::uint64_t>(role_), bytes.size());
  world().observe(*this,
                  [&](Observer& observer, const StreamEnd& end) { observer.read(end, bytes); });
}

void TcpEnd::report_failed(const std::error_code& code) noexcept {
  notice_hang_up();
  world().record(EventKind::failed, connection_.id, static_cast<std::uint64_t>(role_),
                 static_cast<std::uint64_t>(code.value()));
  world().observe(
      *this, [&](Observer& observer, const StreamEnd& end) { observer.stream_failed(end, code); });
}

void TcpEnd::notice_hang_up() noexcept {
  if (!hung_up_) return;
  hung_up_ = false;
  ++world().faults[FaultKind::hup].observed;
}

std::error_code TcpEnd::take_error() noexcept { return std::exchange(error_, std::error_code()); }

}  // namespace piccolo
