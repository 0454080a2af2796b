#pragma once

// A stream of bytes to a peer: TCP as a program sees it. `Stream` is a move-only handle over a
// backend that the environment owns; destroying it closes the stream.

#include <cstddef>
#include <span>
#include <utility>

#include "piccolo/core/endpoint.hpp"
#include "piccolo/core/operation.hpp"
#include "piccolo/core/time.hpp"

namespace piccolo {

class ReadOperation;
class WriteOperation;

// Asks a silent peer whether it is still there, as SO_KEEPALIVE does; a stream whose peer does not
// answer fails with `timed_out`. Defaults are Linux's (tcp(7)).
struct KeepAlive {
  bool enabled = false;
  Duration idle = std::chrono::hours(2);         // silence before the first question
  Duration interval = std::chrono::seconds(75);  // between questions
  std::uint32_t probes = 9;                      // unanswered questions before giving up
};

// What an environment implements. One read and one write may be pending at a time; the operations
// themselves see to that before they call `start_read` or `start_write`.
class StreamBackend {
 public:
  // Tries to complete `reading()`, now or later, by `complete_read`.
  virtual void start_read() = 0;
  virtual void start_write() = 0;
  virtual Result<void> shutdown_send() noexcept = 0;
  virtual Result<void> set_keep_alive(const KeepAlive& how) noexcept = 0;
  virtual Endpoint local_endpoint() const noexcept = 0;
  virtual Endpoint remote_endpoint() const noexcept = 0;
  // The handle is gone: close as Linux does, and free what can be freed. No operation is pending.
  virtual void release() noexcept = 0;

  StreamBackend(const StreamBackend&) = delete;
  StreamBackend& operator=(const StreamBackend&) = delete;

 protected:
  StreamBackend() noexcept = default;
  ~StreamBackend() = default;

  ReadOperation* reading() const noexcept { return reading_; }
  WriteOperation* writing() const noexcept { return writing_; }
  void complete_read(Result<std::size_t> result) noexcept;
  void complete_write(Result<std::size_t> result) noexcept;

 private:
  friend class Stream;
  friend class ReadOperation;
  friend class WriteOperation;
  ReadOperation* reading_ = nullptr;
  WriteOperation* writing_ = nullptr;
};

class Stream {
 public:
  struct ReadSome;
  struct WriteSome;

  Stream() noexcept = default;
  explicit Stream(StreamBackend& backend) noexcept : backend_(&backend) {}
  Stream(Stream&& other) noexcept : backend_(std::exchange(other.backend_, nullptr)) {}
  Stream& operator=(Stream&& other) noexcept {
    if (this != &other) {
      close();
      backend_ = std::exchange(other.backend_, nullptr);
    }
    return *this;
  }
  ~Stream() { close(); }

  // `Result<size_t>`: at least one byte, or 0 when the peer has ended its direction (or `buffer`
  // is empty). Fails with `connection_reset`, `timed_out` (the peer stopped acknowledging),
  // `operation_canceled`, `concurrent_read`, `bad_file_descriptor` (closed here).
  // The buffer must stay valid until the operation completes.
  [[nodiscard]] ReadSome read_some(std::span<std::byte> buffer) noexcept;

  // `Result<size_t>`: at least one byte was taken into the send buffer (0 only for empty `data`);
  // waits while the buffer is full. Fails as reads do, and with `broken_pipe` after
  // `shutdown_send` or once the stream is known to be broken.
  [[nodiscard]] WriteSome write_some(std::span<const std::byte> data) noexcept;

  // Ends this direction after what was written (FIN); reading goes on. Does not wait.
  Result<void> shutdown_send() noexcept;

  // Off at first. `idle` and `interval` are whole seconds from 1 to 32,767, `probes` 1 to 127, else
  // `invalid_argument`: the kernel's granularity and limits.
  Result<void> set_keep_alive(const KeepAlive& how) noexcept;

  // Closes both directions; written bytes are still delivered if the peer is there, unless unread
  // input makes it a reset, as on Linux. Pending operations complete with `operation_canceled`.
  void close() noexcept;

  bool is_open() const noexcept { return backend_ != nullptr; }
  // The stream must be open.
  Endpoint local_endpoint() const noexcept;
  Endpoint remote_endpoint() const noexcept;

 private:
  StreamBackend* backend_ = nullptr;
};

class ReadOperation final : public BasicOperation<ReadOperation, std::size_t> {
 public:
  explicit ReadOperation(const Stream::ReadSome& description) noexcept;
  ~ReadOperation() { abandon(); }
  std::span<std::byte> buffer() const noexcept { return buffer_; }

  void start();
  void forget() noexcept { backend_->reading_ = nullptr; }

 private:
  StreamBackend* backend_;
  std::span<std::byte> buffer_;
};

class WriteOperation final : public BasicOperation<WriteOperation, std::size_t> {
 public:
  explicit WriteOperation(const Stream::WriteSome& description) noexcept;
  ~WriteOperation() { abandon(); }
  std::span<const std::byte> data() const noexcept { return data_; }

  void start();
  void forget() noexcept { backend_->writing_ = nullptr; }

 private:
  StreamBackend* backend_;
  std::span<const std::byte> data_;
};

struct Stream::ReadSome {
  using operation_type = ReadOperation;
  StreamBackend* backend;
  std::span<std::byte> buffer;
};

struct Stream::WriteSome {
  using operation_type = WriteOperation;
  StreamBackend* backend;
  std::span<const std::byte> data;
};

inline void StreamBackend::complete_read(Result<std::size_t> result) noexcept {
  std::exchange(reading_, nullptr)->finish(std::move(result));
}

inline void StreamBackend::complete_write(Result<std::size_t> result) noexcept {
  std::exchange(writing_, nullptr)->finish(std::move(result));
}

inline ReadOperation::ReadOperation(const Stream::ReadSome& description) noexcept
    : backend_(description.backend), buffer_(description.buffer) {}

inline WriteOperation::WriteOperation(const Stream::WriteSome& description) noexcept
    : backend_(description.backend), data_(description.data) {}

inline Stream::ReadSome Stream::read_some(std::span<std::byte> buffer) noexcept {
  return ReadSome{backend_, buffer};
}

inline Stream::WriteSome Stream::write_some(std::span<const std::byte> data) noexcept {
  return WriteSome{backend_, data};
}

}  // namespace piccolo
