// Every way a connection ends.

#include "incarnation.hpp"
#include "tcp.hpp"
#include "world_impl.hpp"

namespace piccolo {

Result<void> TcpEnd::shutdown_send() noexcept {
  // inet_shutdown(): ENOTCONN in TCP_CLOSE, which a socket enters also when TIME_WAIT begins.
  if (state_ != State::established) return failure(std::errc::not_connected);
  if (fin_queued_) return {};
  fin_queued_ = true;
  if (writing() != nullptr) {
    const std::error_code code = std::make_error_code(std::errc::broken_pipe);
    report_failed(code);
    complete_write(failure(code));
  }
  transmit();
  return {};
}

Result<void> TcpEnd::set_keep_alive(const KeepAlive& how) noexcept {
  keep_alive_ = how;
  if (waiting_ == Waiting::keep_alive) disarm();
  if (state_ == State::established) arm_for_outstanding(false);
  return {};
}

void TcpEnd::release() noexcept {
  if (!closed_) close();
  if (holder_ != nullptr) holder_->ends.erase(*this);
  held_ = false;
  holder_ = nullptr;
  world().note_reapable(connection_);
}

void TcpEnd::close_by_kernel() noexcept {
  if (closed_) return;
  close();
}

void TcpEnd::close() noexcept {
  closed_ = true;
  keep_alive_.enabled = false;
  if (waiting_ == Waiting::keep_alive) disarm();
  const bool abort = state_ == State::established && readable() > 0;
  world().record(EventKind::closed, connection_.id, static_cast<std::uint64_t>(role_),
                 abort ? 1U : 0U);
  world().observe(*this, [&](Observer& observer, const StreamEnd& end) { observer.closed(end); });
  if (state_ != State::established) return;
  if (abort) {
    // tcp_close(), by RFC 2525, 2.17: closing with unread data must not look like an orderly end.
    emit_reset();
    die({});
    return;
  }
  fin_queued_ = true;
  transmit();
  finish_if_done();
}

void TcpEnd::finish_if_done() noexcept {
  if (state_ != State::established || !fin_acknowledged_) return;
  if (!fin_received_) {
    // FIN_WAIT2 without a program: the peer gets a while to end its side.
    if (closed_ && waiting_ == Waiting::nothing) {
      arm(Waiting::fin_timeout, tcp().fin_timeout);
    }
    return;
  }
  if (peer_ended_first_) {
    die({});
    return;
  }
  state_ = State::time_wait;
  // TCP_TIMEWAIT_LEN in Linux has the same 60 s as the default of tcp_fin_timeout.
  arm(Waiting::expiry, tcp().fin_timeout);
}

void TcpEnd::reset_unaccepted() noexcept {
  queued_ = false;
  listener_ = nullptr;
  if (state_ == State::established) emit_reset();
  if (state_ != State::dead) die({});
  world().note_reapable(connection_);
}

void TcpEnd::drop_half_open() noexcept {
  if (listener_ != nullptr) listener_->forget_half_open(*this);
  listener_ = nullptr;
  state_ = State::none;
  backoff_ = 0;
  tries_ = 0;
  disarm();
  detach();
  world().note_reapable(connection_);
}

void TcpEnd::lose_power() noexcept {
  state_ = State::dead;
  lost_power_ = true;
  disarm();
  forget_acknowledgement();
  detach();
  world().note_reapable(connection_);
}

void TcpEnd::hang_up(HangUp how) noexcept {
  if (state_ != State::established) return;
  hung_up_ = true;
  if (how == HangUp::reset) return reset_by_peer();
  connection_.severed = true;
  if (fin_received_) return;
  fin_received_ = true;
  peer_ended_first_ = !fin_queued_;
  if (reading() != nullptr) serve_reader();
}

void TcpEnd::die(std::error_code error) noexcept {
  state_ = State::dead;
  error_ = error;
  disarm();
  forget_acknowledgement();
  detach();
  world().note_reapable(connection_);
  if (closed_) return;  // whoever still waits is about to be destroyed by the kernel
  if (reading() != nullptr) serve_reader();
  if (writing() != nullptr) serve_writer();
}

// The kernel forgets the connection; its local port is free again.
void TcpEnd::detach() noexcept {
  if (host_ == nullptr || host_slot == SlotList<TcpEnd, &TcpEnd::host_slot>::absent) return;
  host_->ends.erase(*this);
  if (role_ == Role::client) host_->outgoing.erase({local_.port, remote_});
}

}  // namespace piccolo
