#pragma once

// Between our endpoints and the kernel's socket addresses; and the kernel's errors as ours.

#include <sys/socket.h>

#include <cerrno>

#include "piccolo/core/endpoint.hpp"
#include "piccolo/core/result.hpp"

namespace piccolo::real {

class SocketAddress {
 public:
  // Room for the kernel to fill in.
  SocketAddress() noexcept = default;
  explicit SocketAddress(const Endpoint& endpoint) noexcept;

  // Canonical: a peer on a dual-stack socket is the IPv4 address that it has.
  Endpoint endpoint() const noexcept;

  sockaddr* data() noexcept;
  const sockaddr* data() const noexcept;
  socklen_t* size() noexcept { return &size_; }
  socklen_t length() const noexcept { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = sizeof(sockaddr_storage);
};

// ::ffff:a.b.c.d, as which an IPv6 socket knows an IPv4 address.
Address v4_mapped(const Address& v4) noexcept;

// Canonical; the address is of the family AF_INET or AF_INET6.
Endpoint to_endpoint(const sockaddr& address) noexcept;

inline std::error_code system_error(int number) noexcept {
  return {number, std::generic_category()};
}
inline std::unexpected<std::error_code> errno_failure() noexcept {
  return std::unexpected(system_error(errno));
}

// A system call that a signal may interrupt, until one did not.
template <class Call>
auto uninterrupted(Call call) noexcept {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

inline bool would_block(int number) noexcept { return number == EAGAIN || number == EWOULDBLOCK; }

// Both ends of a connected socket.
Result<Endpoint> local_endpoint_of(int fd) noexcept;
Result<Endpoint> remote_endpoint_of(int fd) noexcept;

}  // namespace piccolo::real
