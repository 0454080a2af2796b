// A process stops running, as by SIGSTOP, while its kernel goes on: it completes handshakes up to
// the backlog, acknowledges data up to the window, and answers probes. Nothing reaches the program
// before it is resumed: neither what its operations wait for, nor its timers.

#include <utility>

#include "incarnation.hpp"

namespace piccolo {

void World::pause(ProcessId process) {
  const auto& alive = impl_->process(process).alive;
  if (!alive || alive->paused) return;
  impl_->fault_begins(FaultKind::pause, process);
  alive->paused = true;
  alive->executor.stay_in_line();
  alive->clock.stop();
}

void World::resume(ProcessId process) {
  const auto& alive = impl_->process(process).alive;
  if (!alive || !alive->paused) return;
  impl_->fault_ends(FaultKind::pause, process);
  alive->resume();
}

bool Incarnation::holds_back() noexcept {
  if (!paused) return false;
  ++world.faults[FaultKind::pause].observed;
  return true;
}

void Incarnation::ask_to_stop() noexcept {
  stop_asked = paused;  // a signal waits for SIGCONT as well
  if (!paused) root->cancel();
}

void Incarnation::resume() {
  paused = false;
  // Whoever was ready before told so when nobody listened.
  if (!executor.idle()) world.runnable.push_back(this);
  for (TcpEnd* const end : std::exchange(settled, {})) end->settle_connect();
  for (TcpEnd* const end : ends) end->serve_operations();
  for (SimListener* const listener : listeners) listener->serve_accept();
  for (SimDatagram* const socket : datagram_sockets) socket->serve_receive();
  if (clock.resume()) ++world.faults[FaultKind::pause].observed;
  if (std::exchange(stop_asked, false)) root->cancel();
}

void SimClock::stop() noexcept {
  stopped_ = true;
  set_alarm();
}

bool SimClock::resume() {
  stopped_ = false;
  set_alarm();
  return !armed_.empty() && armed_.top_key().at < now();
}

void SimListener::serve_accept() {
  if (accepting() != nullptr && !waiting_.empty()) start_accept();
}

void SimDatagram::serve_receive() {
  if (receiving() != nullptr && !holder_->holds_back()) start_receive();
}

void TcpEnd::serve_operations() noexcept {
  if (reading() != nullptr) serve_reader();
  if (writing() != nullptr) serve_writer();
}

// The outcome of a connect waits for a paused process.
bool TcpEnd::outcome_must_wait() {
  if (!holder_->holds_back()) return false;
  holder_->settled.push_back(this);
  return true;
}

// Its process was killed before it learned that the connection was there.
void TcpEnd::close_unclaimed() noexcept {
  closed_ = true;
  if (readable() > 0) {
    emit_reset();
    die({});
    return;
  }
  fin_queued_ = true;
  transmit();
  finish_if_done();
}

}  // namespace piccolo
