#pragma once

// A TCP connection as the backend of a stream.

#include <sys/types.h>

#include <span>

#include "piccolo/core/stream.hpp"
#include "waiter.hpp"

namespace piccolo::real {

class RealStream final : public StreamBackend, public Waiter {
 public:
  // `socket` is connected. `broken_by`: an error that asking the kernel has taken from the socket
  // already, so that the operation to which it belongs gets it from here.
  static Stream make(WatchedSocket socket, const Endpoint& local, const Endpoint& remote,
                     std::error_code broken_by = {});

  void start_read() override;
  void start_write() override { try_write(); }
  Result<void> shutdown_send() noexcept override;
  Result<void> set_keep_alive(const KeepAlive& how) noexcept override;
  Endpoint local_endpoint() const noexcept override { return local_; }
  Endpoint remote_endpoint() const noexcept override { return remote_; }
  void release() noexcept override;

 private:
  RealStream(WatchedSocket socket, const Endpoint& local, const Endpoint& remote);
  void ready(Event event) override;
  void try_read();
  ssize_t receive(std::span<std::byte> buffer);
  void try_write();
  bool was_broken() const noexcept { return static_cast<bool>(broken_by_); }

  // Reading would block, unless `ready` tells otherwise: so it need not be tried.
  bool drained_ = false;
  bool failing_ = false;  // an error was seen, which reading has to find after the data
  Endpoint local_;
  Endpoint remote_;
  std::error_code broken_by_;
};

}  // namespace piccolo::real
