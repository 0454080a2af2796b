#include "piccolo/core/datagram.hpp"

#include "piccolo/core/assert.hpp"

namespace piccolo {

void DatagramBackend::complete_receive(Result<Received> result) noexcept {
  std::exchange(receiving_, nullptr)->finish(std::move(result));
}

void DatagramBackend::complete_send(Result<std::size_t> result) noexcept {
  std::exchange(sending_, nullptr)->finish(std::move(result));
}

void DatagramReceiveOperation::start() {
  if (backend_ == nullptr) return finish(failure(std::errc::bad_file_descriptor));
  if (backend_->receiving_ != nullptr) return finish(failure(Errc::concurrent_receive));
  backend_->receiving_ = this;
  backend_->start_receive();
}

void DatagramSendOperation::start() {
  if (backend_ == nullptr) return finish(failure(std::errc::bad_file_descriptor));
  if (backend_->sending_ != nullptr) return finish(failure(Errc::concurrent_send));
  backend_->sending_ = this;
  backend_->start_send();
}

Result<void> DatagramSocket::connect(const Endpoint& remote) noexcept {
  if (backend_ == nullptr) return failure(std::errc::bad_file_descriptor);
  // Linux takes it, and then neither knows the peer nor reaches it.
  if (remote.port == 0) return failure(std::errc::invalid_argument);
  return backend_->connect(remote.canonical());
}

void DatagramSocket::close() noexcept {
  DatagramBackend* const backend = std::exchange(backend_, nullptr);
  if (backend == nullptr) return;
  if (backend->receiving_ != nullptr) {
    backend->complete_receive(failure(std::errc::operation_canceled));
  }
  if (backend->sending_ != nullptr) {
    backend->complete_send(failure(std::errc::operation_canceled));
  }
  backend->release();
}

Endpoint DatagramSocket::local_endpoint() const noexcept {
  PICCOLO_ASSERT(backend_ != nullptr, "local_endpoint of a closed datagram socket");
  return backend_->local_endpoint();
}

std::optional<Endpoint> DatagramSocket::remote_endpoint() const noexcept {
  PICCOLO_ASSERT(backend_ != nullptr, "remote_endpoint of a closed datagram socket");
  return backend_->remote_endpoint();
}

}  // namespace piccolo
