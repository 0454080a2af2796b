#include "real_listener.hpp"

#include <netinet/in.h>

#include <utility>

#include "real_stream.hpp"
#include "socket_address.hpp"

namespace piccolo::real {
namespace {

Result<FileDescriptor> open_listening(const Endpoint& local, const ListenOptions& options) {
  const int family = local.address.is_v4() ? AF_INET : AF_INET6;
  FileDescriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return errno_failure();
  // Without it a restart within a minute finds its own old connections in TIME_WAIT and the port
  // taken. It does not let two listeners share a port.
  const int reuse = options.reuse_address ? 1 : 0;
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse) != 0) {
    return errno_failure();
  }
  const int off = 0;  // the IPv6 wildcard takes IPv4 as well, whatever the machine's default
  if (family == AF_INET6 &&
      ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0) {
    return errno_failure();
  }
  const SocketAddress address(local);
  if (::bind(socket.get(), address.data(), address.length()) != 0) return errno_failure();
  // Two sockets may be bound to one port until one of them listens, so this finds it taken, too.
  if (::listen(socket.get(), options.backlog) != 0) return errno_failure();
  return socket;
}

// What befell a connection before it was accepted is its own affair: take the next one. Linux
// reports here also the network errors that are already pending on the new socket, see accept(2).
bool concerns_one_connection(int number) noexcept {
  switch (number) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<Listener> RealListener::open(boost::asio::io_context& io, PortTable& ports,
                                    const Endpoint& local, const ListenOptions& options) {
  auto socket = open_listening(local.canonical(), options);
  if (!socket) return failure(socket.error());
  return make(io, ports, std::move(*socket));
}

Result<Listener> RealListener::share(boost::asio::io_context& io, PortTable& ports,
                                     const Endpoint& local) {
  auto socket = ports.duplicate(local);
  if (!socket) return failure(socket.error());
  return make(io, ports, std::move(*socket));
}

Result<Listener> RealListener::make(boost::asio::io_context& io, PortTable& ports,
                                    FileDescriptor socket) {
  const auto local = local_endpoint_of(socket.get());
  if (!local) return failure(local.error());
  auto watched = watch(io, std::move(socket));
  if (!watched) return failure(watched.error());
  const boost::intrusive_ptr<RealListener> listener(
      new RealListener(io, ports, std::move(*watched), *local));
  ports.add(*local, listener->fd());
  intrusive_ptr_add_ref(static_cast<Waiter*>(listener.get()));  // the handle's, until `release`
  return Listener(*listener);
}

RealListener::RealListener(boost::asio::io_context& io, PortTable& ports, WatchedSocket socket,
                           const Endpoint& local)
    : Waiter(std::move(socket)), io_(io), ports_(ports), local_(local) {}

void RealListener::ready(Event) { try_accept(); }

void RealListener::try_accept() {
  if (accepting() == nullptr) return;  // forgotten while we waited
  for (;;) {
    SocketAddress remote;
    FileDescriptor socket(
        ::accept4(fd(), remote.data(), remote.size(), SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.valid()) return complete_accept(adopt(std::move(socket), remote.endpoint()));
    if (would_block(errno)) return wait(Event::read);
    if (!concerns_one_connection(errno)) return complete_accept(errno_failure());
  }
}

Result<Stream> RealListener::adopt(FileDescriptor socket, const Endpoint& remote) {
  const auto local = local_endpoint_of(socket.get());
  if (!local) return failure(local.error());
  auto watched = watch(io_, std::move(socket));
  if (!watched) return failure(watched.error());
  return RealStream::make(std::move(*watched), *local, remote);
}

void RealListener::release() noexcept {
  const boost::intrusive_ptr<Waiter> last(this, false);
  ports_.remove(fd());
  close();
}

}  // namespace piccolo::real
