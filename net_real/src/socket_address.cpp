#include "socket_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace piccolo::real {

SocketAddress::SocketAddress(const Endpoint& endpoint) noexcept {
  const auto& bytes = endpoint.address.bytes();
  if (endpoint.address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, bytes.data(), sizeof v4.sin_addr);
    std::memcpy(&storage_, &v4, sizeof v4);
    size_ = sizeof v4;
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    std::memcpy(&v6.sin6_addr, bytes.data(), sizeof v6.sin6_addr);
    std::memcpy(&storage_, &v6, sizeof v6);
    size_ = sizeof v6;
  }
}

sockaddr* SocketAddress::data() noexcept { return reinterpret_cast<sockaddr*>(&storage_); }

const sockaddr* SocketAddress::data() const noexcept {
  return reinterpret_cast<const sockaddr*>(&storage_);
}

Endpoint SocketAddress::endpoint() const noexcept { return to_endpoint(*data()); }

Address v4_mapped(const Address& v4) noexcept {
  std::array<std::uint8_t, 16> bytes{};
  bytes[10] = bytes[11] = 0xff;
  std::copy_n(v4.bytes().begin(), 4, bytes.begin() + 12);
  return Address::v6_bytes(bytes);
}

Endpoint to_endpoint(const sockaddr& address) noexcept {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &v4.sin_addr, sizeof bytes);
    return Endpoint(Address::v4_bytes(bytes), ntohs(v4.sin_port));
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, sizeof bytes);
  return Endpoint(Address::v6_bytes(bytes), ntohs(v6.sin6_port)).canonical();
}

Result<Endpoint> local_endpoint_of(int fd) noexcept {
  SocketAddress address;
  if (::getsockname(fd, address.data(), address.size()) != 0) return errno_failure();
  return address.endpoint();
}

Result<Endpoint> remote_endpoint_of(int fd) noexcept {
  SocketAddress address;
  if (::getpeername(fd, address.data(), address.size()) != 0) return errno_failure();
  return address.endpoint();
}

}  // namespace piccolo::real
