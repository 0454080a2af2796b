#pragma once

// A listening socket. `Listener` is a move-only handle like `Stream`; destroying it closes the
// port and resets connections that nobody accepted.

#include <utility>

#include "piccolo/core/endpoint.hpp"
#include "piccolo/core/operation.hpp"
#include "piccolo/core/stream.hpp"

namespace piccolo {

class AcceptOperation;

class ListenerBackend {
 public:
  // Tries to complete the pending accept, now or later, by `complete_accept`.
  virtual void start_accept() = 0;
  virtual Endpoint local_endpoint() const noexcept = 0;
  virtual void release() noexcept = 0;

  ListenerBackend(const ListenerBackend&) = delete;
  ListenerBackend& operator=(const ListenerBackend&) = delete;

 protected:
  ListenerBackend() noexcept = default;
  ~ListenerBackend() = default;

  AcceptOperation* accepting() const noexcept { return accepting_; }
  void complete_accept(Result<Stream> result) noexcept;

 private:
  friend class Listener;
  friend class AcceptOperation;
  AcceptOperation* accepting_ = nullptr;
};

class Listener {
 public:
  struct Accept;

  Listener() noexcept = default;
  explicit Listener(ListenerBackend& backend) noexcept : backend_(&backend) {}
  Listener(Listener&& other) noexcept : backend_(std::exchange(other.backend_, nullptr)) {}
  Listener& operator=(Listener&& other) noexcept {
    if (this != &other) {
      close();
      backend_ = std::exchange(other.backend_, nullptr);
    }
    return *this;
  }
  ~Listener() { close(); }

  // `Result<Stream>`. Fails with `too_many_files_open` and other lacks of resources, after which
  // trying again later is right; `operation_canceled`, `concurrent_accept`,
  // `bad_file_descriptor` (closed here).
  [[nodiscard]] Accept accept() noexcept;

  void close() noexcept;
  bool is_open() const noexcept { return backend_ != nullptr; }
  // With the port that was really bound. The listener must be open.
  Endpoint local_endpoint() const noexcept;

 private:
  ListenerBackend* backend_ = nullptr;
};

class AcceptOperation final : public BasicOperation<AcceptOperation, Stream> {
 public:
  explicit AcceptOperation(const Listener::Accept& description) noexcept;
  ~AcceptOperation() { abandon(); }

  void start();
  void forget() noexcept { backend_->accepting_ = nullptr; }

 private:
  ListenerBackend* backend_;
};

struct Listener::Accept {
  using operation_type = AcceptOperation;
  ListenerBackend* backend;
};

inline AcceptOperation::AcceptOperation(const Listener::Accept& description) noexcept
    : backend_(description.backend) {}

inline Listener::Accept Listener::accept() noexcept { return Accept{backend_}; }

}  // namespace piccolo
