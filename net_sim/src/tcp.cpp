#include "tcp.hpp"

#include <algorithm>
#include <utility>

#include "incarnation.hpp"
#include "world_impl.hpp"

namespace piccolo {

void Segment::deliver() noexcept {
  if (connection->severed) {
    connection->end(to == Role::client ? Role::server : Role::client).answer_severed(*this);
  } else {
    connection->end(to).arrive(*this);
  }
}

void Segment::recycle() noexcept { connection->world.recycle(*this); }

Packet& Segment::duplicate() {
  Segment& copy = connection->world.new_segment(*connection);
  copy.subject = subject;
  copy.sequence = sequence;
  copy.length = length;
  copy.wire_bytes = wire_bytes;
  copy.tag = tag;
  copy.acknowledged = acknowledged;
  copy.limit = limit;
  copy.sent = sent;
  copy.echo = echo;
  copy.selective = selective;
  copy.selective_count = selective_count;
  copy.flags = flags;
  copy.to = to;
  copy.will_read(&connection->end(to));
  return copy;
}

TcpEnd::TcpEnd(Connection& connection, Role role) noexcept
    : connection_(connection), role_(role), timer_(*this), ack_timer_(*this), wake_timer_(*this) {
  reseed();
}

// A function of the connection and the role: in every world of the seed that has them.
void TcpEnd::reseed() noexcept {
  draws_ = mix(mix(world().seed, connection_.id), static_cast<std::uint64_t>(role_));
}

TcpEnd::~TcpEnd() {
  world().queue.forget(timer_);
  world().queue.forget(ack_timer_);
  world().queue.forget(wake_timer_);
  detach();
}

const TcpOptions& TcpEnd::tcp() const noexcept { return host_->tcp; }

World::Impl& TcpEnd::world() const noexcept { return connection_.world; }

TcpEnd& TcpEnd::peer() const noexcept {
  return connection_.end(role_ == Role::client ? Role::server : Role::client);
}

bool TcpEnd::finished() const noexcept {
  const bool gone = state_ == State::none || state_ == State::dead;
  return gone && !held_ && !queued_ && connecting_ == nullptr;
}

StreamEnd TcpEnd::describe() const noexcept {
  StreamEnd end;
  end.connection = connection_.id;
  end.role = role_;
  end.process = holder_ != nullptr ? holder_->process.id : 0;
  end.local = local_;
  end.remote = remote_;
  return end;
}

void TcpEnd::arrive(const Segment& segment) {
  if (state_ == State::dead || (state_ == State::none && !segment.has(Segment::syn))) {
    if (segment.has(Segment::rst)) return;
    if (lost_power_) ++world().faults[FaultKind::power_loss].observed;
    refuse(world().link(segment.link->to, segment.link->from), segment);
    return;
  }
  if (!segment.has(Segment::rst)) {
    limit_ = std::max(limit_, segment.limit);
    // RFC 7323, 4.3: what came too early answers nothing yet, and what comes while an
    // acknowledgement is delayed is not what that one answers.
    if (segment.sequence <= delayed_ack_.acknowledged()) recent_ = segment.sent;
  }
  if (state_ == State::established || state_ == State::time_wait) {
    arrive_established(segment);
  } else {
    arrive_in_handshake(segment);
  }
}

void TcpEnd::start_read() {
  if (!wake_timer_.armed()) serve_reader();
}

void TcpEnd::start_write() { serve_writer(); }

Stream TcpEnd::hand_to_program(Incarnation& holder) {
  held_ = true;
  queued_ = false;
  holder_ = &holder;
  holder.ends.insert(*this);
  return Stream(*this);
}

void TcpEnd::arm(Waiting what, Duration after) noexcept {
  waiting_ = what;
  timer_at_ = saturating_add(world().now, after);
  world().schedule(timer_, timer_at_, world().tie(mix(draws_, emitted_)));
}

void TcpEnd::disarm() noexcept {
  EventQueue::call_off(timer_);
  waiting_ = Waiting::nothing;
}

void TcpEnd::timer_fired() noexcept {
  switch (std::exchange(waiting_, Waiting::nothing)) {
    case Waiting::nothing:
      break;
    case Waiting::handshake:
      retry_handshake();
      break;
    case Waiting::retransmit:
      retransmit();
      break;
    case Waiting::probe:
      probe_timer_fired();
      break;
    case Waiting::reordering:
      recover_from_gap();
      transmit();
      break;
    case Waiting::window:
      probe_window();
      break;
    case Waiting::keep_alive:
      keep_alive();
      break;
    case Waiting::fin_timeout:
    case Waiting::expiry:
      die({});
      break;
  }
  world().note_reapable(connection_);
}

}  // namespace piccolo
