#include "real_stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <utility>

#include "socket_address.hpp"

namespace piccolo::real {

Stream RealStream::make(WatchedSocket socket, const Endpoint& local, const Endpoint& remote,
                        std::error_code broken_by) {
  const boost::intrusive_ptr<RealStream> stream(new RealStream(std::move(socket), local, remote));
  stream->broken_by_ = broken_by;
  intrusive_ptr_add_ref(static_cast<Waiter*>(stream.get()));  // the handle's, until `release`
  return Stream(*stream);
}

RealStream::RealStream(WatchedSocket socket, const Endpoint& local, const Endpoint& remote)
    : Waiter(std::move(socket)), local_(local), remote_(remote) {
  // A message goes out when it is written; whoever wants fewer packets writes larger pieces.
  const int on = 1;
  static_cast<void>(::setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
}

void RealStream::ready(Direction direction) {
  if (direction == Direction::read) {
    try_read();
  } else {
    try_write();
  }
}

void RealStream::try_read() {
  const ReadOperation* const operation = reading();
  if (operation == nullptr) return;  // forgotten while we waited
  const auto buffer = operation->buffer();
  const auto got = uninterrupted([&] { return ::recv(fd(), buffer.data(), buffer.size(), 0); });
  if (got == 0 && was_broken()) {
    complete_read(failure(std::exchange(broken_by_, {})));
  } else if (got >= 0) {
    complete_read(static_cast<std::size_t>(got));
  } else if (would_block(errno)) {
    wait(Direction::read);
  } else {
    complete_read(errno_failure());
  }
}

void RealStream::try_write() {
  const WriteOperation* const operation = writing();
  if (operation == nullptr) return;
  const auto data = operation->data();
  const auto taken =
      uninterrupted([&] { return ::send(fd(), data.data(), data.size(), MSG_NOSIGNAL); });
  if (taken >= 0) {
    complete_write(static_cast<std::size_t>(taken));
  } else if (would_block(errno)) {
    wait(Direction::write);
  } else if (errno == EPIPE && was_broken()) {
    complete_write(failure(std::exchange(broken_by_, {})));
  } else {
    complete_write(errno_failure());
  }
}

Result<void> RealStream::shutdown_send() noexcept {
  if (::shutdown(fd(), SHUT_WR) != 0) return errno_failure();
  return {};
}

Result<void> RealStream::set_keep_alive(const KeepAlive& how) noexcept {
  const auto set = [this](int level, int option, std::int64_t value) {
    const int number = static_cast<int>(value);
    return ::setsockopt(fd(), level, option, &number, sizeof number) == 0;
  };
  constexpr Duration second = std::chrono::seconds(1);
  const bool done = set(IPPROTO_TCP, TCP_KEEPIDLE, how.idle / second) &&
                    set(IPPROTO_TCP, TCP_KEEPINTVL, how.interval / second) &&
                    set(IPPROTO_TCP, TCP_KEEPCNT, how.probes) &&
                    set(SOL_SOCKET, SO_KEEPALIVE, how.enabled ? 1 : 0);
  if (!done) return errno_failure();
  return {};
}

void RealStream::release() noexcept {
  const boost::intrusive_ptr<Waiter> last(this, false);
  close();
}

}  // namespace piccolo::real
