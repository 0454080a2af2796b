#include "real_datagram.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "socket_address.hpp"

namespace piccolo::real {
namespace {

bool set_option(int fd, int level, int name, int value) noexcept {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

// Without SO_REUSEADDR, which lets any number of UDP sockets share a port, and needs none: UDP
// leaves nothing behind that would keep a port taken.
Result<FileDescriptor> open_bound(const Endpoint& local, const DatagramOptions& options) {
  const int family = local.address.is_v4() ? AF_INET : AF_INET6;
  FileDescriptor socket(::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return errno_failure();
  // The IPv6 wildcard takes IPv4 as well, whatever the machine's default.
  if (family == AF_INET6 && !set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0)) {
    return errno_failure();
  }
  constexpr std::uint32_t most = std::numeric_limits<int>::max();
  const auto buffer = static_cast<int>(std::min(options.receive_buffer_bytes, most));
  if (buffer > 0 && !set_option(socket.get(), SOL_SOCKET, SO_RCVBUF, buffer)) {
    return errno_failure();
  }
  const SocketAddress address(local);
  if (::bind(socket.get(), address.data(), address.length()) != 0) return errno_failure();
  return socket;
}

// As a socket of that family spells it.
SocketAddress spelled(const Endpoint& endpoint, Address::Family family) noexcept {
  const bool same = endpoint.address.family() == family;
  if (same || family == Address::Family::v4) return SocketAddress(endpoint);
  return SocketAddress(Endpoint(v4_mapped(endpoint.address), endpoint.port));
}

}  // namespace

Result<DatagramSocket> RealDatagram::open(boost::asio::io_context& io, const Endpoint& wanted,
                                          const DatagramOptions& options) {
  auto socket = open_bound(wanted.canonical(), options);
  if (!socket) return failure(socket.error());
  const auto local = local_endpoint_of(socket->get());
  if (!local) return failure(local.error());
  auto watched = watch(io, std::move(*socket));
  if (!watched) return failure(watched.error());
  const Address::Family family = wanted.canonical().address.family();
  const boost::intrusive_ptr<RealDatagram> datagram(
      new RealDatagram(std::move(*watched), family, *local));
  intrusive_ptr_add_ref(static_cast<Waiter*>(datagram.get()));  // the handle's, until `release`
  return DatagramSocket(*datagram);
}

Result<void> RealDatagram::connect(const Endpoint& remote) noexcept {
  const SocketAddress address = spelled(remote, family_);
  if (::connect(fd(), address.data(), address.length()) != 0) return errno_failure();
  // Not what was asked for: 0.0.0.0 means this machine.
  const auto peer = remote_endpoint_of(fd());
  if (!peer) return failure(peer.error());
  const auto local = local_endpoint_of(fd());
  if (!local) return failure(local.error());
  remote_ = *peer;
  local_ = *local;
  return {};
}

void RealDatagram::ready(Event event) {
  if (event == Event::read) {
    try_receive();
  } else {
    try_send();
  }
}

void RealDatagram::try_receive() {
  const DatagramReceiveOperation* const operation = receiving();
  if (operation == nullptr) return;  // forgotten while we waited
  const auto buffer = operation->buffer();
  iovec piece{buffer.data(), buffer.size()};
  SocketAddress from;
  msghdr message{};
  message.msg_name = from.data();
  message.msg_namelen = *from.size();
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  const auto got = uninterrupted([&] { return ::recvmsg(fd(), &message, 0); });
  if (got >= 0) {
    const bool truncated = (message.msg_flags & MSG_TRUNC) != 0;
    complete_receive(Received(static_cast<std::size_t>(got), from.endpoint(), truncated));
  } else if (would_block(errno)) {
    wait(Event::read);
  } else {
    complete_receive(errno_failure());
  }
}

void RealDatagram::try_send() {
  const DatagramSendOperation* const operation = sending();
  if (operation == nullptr) return;
  const auto data = operation->data();
  const auto& to = operation->to();
  const SocketAddress address = to ? spelled(*to, family_) : SocketAddress();
  const sockaddr* const name = to ? address.data() : nullptr;
  const socklen_t length = to ? address.length() : 0;
  const auto sent = uninterrupted(
      [&] { return ::sendto(fd(), data.data(), data.size(), MSG_NOSIGNAL, name, length); });
  if (sent >= 0) {
    complete_send(static_cast<std::size_t>(sent));
  } else if (would_block(errno)) {
    wait(Event::write);
  } else {
    complete_send(errno_failure());
  }
}

void RealDatagram::release() noexcept {
  const boost::intrusive_ptr<Waiter> last(this, false);
  close();
}

}  // namespace piccolo::real
