#include "connector.hpp"

#include <sys/socket.h>

#include <utility>

#include "real_stream.hpp"
#include "socket_address.hpp"

namespace piccolo::real {
namespace {

// A socket whose connection is established or under way.
Result<FileDescriptor> begin_connect(const Endpoint& remote) {
  const int family = remote.address.is_v4() ? AF_INET : AF_INET6;
  FileDescriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return errno_failure();
  const SocketAddress address(remote);
  // EINTR, too, leaves the connection under way.
  if (::connect(socket.get(), address.data(), address.length()) != 0 && errno != EINPROGRESS &&
      errno != EINTR) {
    return errno_failure();
  }
  return socket;
}

// The error that the kernel keeps for the socket, which reading takes away.
int pending_error(int fd) noexcept {
  int number = 0;
  socklen_t size = sizeof number;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &size) == 0 ? number : errno;
}

// Frees both ends' port at once, where closing would leave it in TIME_WAIT.
void abort_on_close(int fd) noexcept {
  const linger at_once{1, 0};
  static_cast<void>(::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
}

}  // namespace

void Connector::start(boost::asio::io_context& io, ConnectOperation& operation) {
  auto socket = begin_connect(operation.remote().canonical());
  if (!socket) return operation.finish(failure(socket.error()));
  auto watched = watch(io, std::move(*socket));
  if (!watched) return operation.finish(failure(watched.error()));
  const boost::intrusive_ptr<Connector> connector(new Connector(std::move(*watched), operation));
  operation.backend = connector.get();
  intrusive_ptr_add_ref(connector.get());  // the operation's, until it finishes or is forgotten
  connector->wait(Event::write);
}

void Connector::forget(ConnectOperation& operation) noexcept {
  auto* const connector = static_cast<Connector*>(std::exchange(operation.backend, nullptr));
  if (connector == nullptr) return;
  const boost::intrusive_ptr<Connector> last(connector, false);
  last->close();
}

void Connector::ready(Event) {
  const int error = pending_error(fd());
  const auto remote = remote_endpoint_of(fd());
  if (error == 0 && !remote && remote.error() == std::errc::not_connected) {
    return wait(Event::write);  // woken too early
  }
  const boost::intrusive_ptr<Connector> last(this, false);
  operation_->backend = nullptr;
  operation_->finish(outcome(error, remote));
  close();  // if no stream has got the socket
}

Result<Stream> Connector::outcome(int error, const Result<Endpoint>& remote) {
  const auto local = local_endpoint_of(fd());
  if (!local) return failure(local.error());
  // Reset since the connection was established: connecting did succeed, the next read will not.
  if (error == ECONNRESET || error == EPIPE) {
    const Endpoint asked = operation_->remote().canonical();
    return RealStream::make(give_up_socket(), *local, asked, system_error(error));
  }
  if (error != 0) return failure(system_error(error));
  if (!remote) return failure(remote.error());
  // Connecting to a free port of this machine, the kernel may choose that very port as the local
  // one; then SYN meets SYN and the socket is connected to itself. Nobody listens there.
  if (*local == *remote) {
    abort_on_close(fd());
    return failure(std::errc::connection_refused);
  }
  return RealStream::make(give_up_socket(), *local, *remote);
}

}  // namespace piccolo::real
