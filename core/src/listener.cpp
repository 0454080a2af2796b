#include "piccolo/core/listener.hpp"

#include "piccolo/core/assert.hpp"

namespace piccolo {

void ListenerBackend::complete_accept(Result<Stream> result) noexcept {
  std::exchange(accepting_, nullptr)->finish(std::move(result));
}

void AcceptOperation::start() {
  if (backend_ == nullptr) return finish(failure(std::errc::bad_file_descriptor));
  if (backend_->accepting_ != nullptr) return finish(failure(Errc::concurrent_accept));
  backend_->accepting_ = this;
  backend_->start_accept();
}

void Listener::close() noexcept {
  ListenerBackend* const backend = std::exchange(backend_, nullptr);
  if (backend == nullptr) return;
  if (backend->accepting_ != nullptr) {
    backend->complete_accept(failure(std::errc::operation_canceled));
  }
  backend->release();
}

Endpoint Listener::local_endpoint() const noexcept {
  PICCOLO_ASSERT(backend_ != nullptr, "local_endpoint of a closed listener");
  return backend_->local_endpoint();
}

}  // namespace piccolo
