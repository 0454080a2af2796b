#include "piccolo/core/stream.hpp"

#include "piccolo/core/assert.hpp"

namespace piccolo {

void ReadOperation::start() {
  if (backend_ == nullptr) return finish(failure(std::errc::bad_file_descriptor));
  if (backend_->reading_ != nullptr) return finish(failure(Errc::concurrent_read));
  if (buffer_.empty()) return finish(0);
  backend_->reading_ = this;
  backend_->start_read();
}

void WriteOperation::start() {
  if (backend_ == nullptr) return finish(failure(std::errc::bad_file_descriptor));
  if (backend_->writing_ != nullptr) return finish(failure(Errc::concurrent_write));
  if (data_.empty()) return finish(0);
  backend_->writing_ = this;
  backend_->start_write();
}

Result<void> Stream::shutdown_send() noexcept {
  if (backend_ == nullptr) return failure(std::errc::bad_file_descriptor);
  return backend_->shutdown_send();
}

namespace {

bool whole_seconds_up_to(Duration value, std::int64_t most) noexcept {
  constexpr Duration second = std::chrono::seconds(1);
  return value >= second && value / second <= most && value % second == Duration(0);
}

}  // namespace

Result<void> Stream::set_keep_alive(const KeepAlive& how) noexcept {
  constexpr std::int64_t seconds_max = 32'767;  // MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL
  constexpr std::uint32_t probes_max = 127;     // MAX_TCP_KEEPCNT
  if (backend_ == nullptr) return failure(std::errc::bad_file_descriptor);
  if (!whole_seconds_up_to(how.idle, seconds_max) ||
      !whole_seconds_up_to(how.interval, seconds_max) || how.probes < 1 ||
      how.probes > probes_max) {
    return failure(std::errc::invalid_argument);
  }
  return backend_->set_keep_alive(how);
}

void Stream::close() noexcept {
  StreamBackend* const backend = std::exchange(backend_, nullptr);
  if (backend == nullptr) return;
  if (backend->reading_ != nullptr) {
    backend->complete_read(failure(std::errc::operation_canceled));
  }
  if (backend->writing_ != nullptr) {
    backend->complete_write(failure(std::errc::operation_canceled));
  }
  backend->release();
}

Endpoint Stream::local_endpoint() const noexcept {
  PICCOLO_ASSERT(backend_ != nullptr, "local_endpoint of a closed stream");
  return backend_->local_endpoint();
}

Endpoint Stream::remote_endpoint() const noexcept {
  PICCOLO_ASSERT(backend_ != nullptr, "remote_endpoint of a closed stream");
  return backend_->remote_endpoint();
}

}  // namespace piccolo
