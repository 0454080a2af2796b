// Opening a connection: SYN, SYN-ACK, ACK, their loss, and refusal.

#include <algorithm>
#include <utility>

#include "incarnation.hpp"
#include "tcp.hpp"
#include "world_impl.hpp"

namespace piccolo {

void TcpEnd::open(ConnectOperation& operation, Host& host, Incarnation& holder, Endpoint local,
                  Endpoint remote) {
  host_ = &host;
  holder_ = &holder;
  local_ = local;
  remote_ = remote;
  host.ends.insert(*this);
  connecting_ = &operation;
  operation.backend = this;
  state_ = State::syn_sent;
  if (connection_.server_host != nowhere) link_ = &world().link(host.id, connection_.server_host);
  timeout_ = tcp().retransmit_initial;
  emit(Segment::syn, 0, 0);
  arm(Waiting::handshake, patience());
}

void TcpEnd::open_passively(SimListener& listener, Host& host, Endpoint local, Endpoint remote) {
  host_ = &host;
  local_ = local;
  remote_ = remote;
  listener_ = &listener;
  host.ends.insert(*this);
  listener.add_half_open(*this);
  state_ = State::syn_received;
  lost_power_ = false;
  link_ = &world().link(host.id, peer().host_->id);
  timeout_ = tcp().retransmit_initial;
  emit(Segment::syn | Segment::ack, 0, 0);
  arm(Waiting::handshake, patience());
}

// RFC 9293, 3.10.7.1: the reset claims to be what the other end waits for.
void TcpEnd::refuse(Link& back, const Segment& segment) noexcept {
  link_ = &back;
  emit(Segment::rst, segment.acknowledged, 0);
}

void TcpEnd::arrive_in_handshake(const Segment& segment) {
  if (state_ == State::none) {
    world().answer_syn(*this, segment);
    return;
  }
  if (segment.has(Segment::rst)) {
    if (state_ == State::syn_sent) return fail_connect(std::errc::connection_refused);
    drop_half_open();
    return;
  }
  if (state_ == State::syn_sent) {
    if (segment.has(Segment::syn)) become_established(segment);
    return;
  }
  if (segment.has(Segment::syn)) {  // our answer was lost
    emit(Segment::syn | Segment::ack, 0, 0);
    return;
  }
  // The last step of the handshake does not count while there is no room for the connection: the
  // client believes it is connected, and what it sends is lost until there is.
  if (listener_->full()) return;
  become_established(segment);
  arrive_established(segment);
}

void TcpEnd::become_established(const Segment& segment) {
  disarm();
  measure_round_trip(segment.echo);
  backoff_ = 0;
  tries_ = 0;
  state_ = State::established;
  last_heard_ = world().now;
  agree_on_segments();
  if (role_ == Role::server) {
    listener_->completed(*this);
    return;
  }
  emit_ack();
  if (!outcome_must_wait()) settle_connect();
}

void TcpEnd::fail_connect(std::errc why) noexcept {
  die(std::make_error_code(why));
  if (!outcome_must_wait()) settle_connect();
}

void TcpEnd::settle_connect() {
  ConnectOperation& operation = *std::exchange(connecting_, nullptr);
  operation.backend = nullptr;
  if (state_ != State::dead) {
    Stream stream = hand_to_program(*holder_);
    world().record(EventKind::connected, connection_.id);
    world().observe(*this,
                    [&](Observer& observer, const StreamEnd& end) { observer.connected(end); });
    return operation.finish(std::move(stream));
  }
  const std::error_code code = take_error();
  world().record(EventKind::connect_failed, connection_.id,
                 static_cast<std::uint64_t>(code.value()));
  world().observe([&](Observer& observer) {
    observer.connect_failed(holder_->process.id, connection_.target, code);
  });
  holder_ = nullptr;
  world().note_reapable(connection_);
  operation.finish(failure(code));
}

void TcpEnd::abort_connect() noexcept {
  connecting_ = nullptr;
  std::erase(std::exchange(holder_, nullptr)->settled, this);
  if (state_ == State::syn_sent) die({});
  if (state_ == State::established) close_unclaimed();
  world().note_reapable(connection_);
}

void TcpEnd::retry_handshake() noexcept {
  const TcpOptions& options = tcp();
  const bool client = role_ == Role::client;
  const std::uint32_t linear = client ? options.syn_linear_timeouts : 0;
  if (++tries_ > (client ? options.syn_retries + linear : options.synack_retries)) {
    if (client) return fail_connect(std::errc::timed_out);
    drop_half_open();
    return;
  }
  if (tries_ > linear) ++backoff_;
  emit(client ? Segment::syn : static_cast<std::uint8_t>(Segment::syn | Segment::ack), 0, 0);
  arm(Waiting::handshake, patience());
}

// The smaller of what both ends announce in their SYN, and of what fits through the links.
void TcpEnd::agree_on_segments() noexcept {
  const std::uint32_t headers = local_.address.is_v4() ? header_bytes_v4 : header_bytes_v6;
  const Link& back = world().link(link_->to, link_->from);
  segment_bytes_ = std::min({tcp().segment_bytes_max, peer().tcp().segment_bytes_max,
                             link_->model.options().mtu_bytes - headers,
                             back.model.options().mtu_bytes - headers});
  window_ = initial_window();
}

}  // namespace piccolo
