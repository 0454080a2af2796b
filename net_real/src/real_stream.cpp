#include "real_stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <array>
#include <cstring>
#include <utility>

#include "socket_address.hpp"

namespace piccolo::real {

Stream RealStream::make(WatchedSocket socket, const Endpoint& local, const Endpoint& remote,
                        std::error_code broken_by) {
  const boost::intrusive_ptr<RealStream> stream(new RealStream(std::move(socket), local, remote));
  stream->broken_by_ = broken_by;
  stream->failing_ = stream->was_broken();
  intrusive_ptr_add_ref(static_cast<Waiter*>(stream.get()));  // the handle's, until `release`
  return Stream(*stream);
}

RealStream::RealStream(WatchedSocket socket, const Endpoint& local, const Endpoint& remote)
    : Waiter(std::move(socket)), local_(local), remote_(remote) {
  const int on = 1;
  // A message goes out when it is written; whoever wants fewer packets writes larger pieces.
  static_cast<void>(::setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  // Where the kernel cannot tell what is left, we find out by reading.
  static_cast<void>(::setsockopt(fd(), IPPROTO_TCP, TCP_INQ, &on, sizeof on));
  // From the start: `drained_` is true only as long as nothing is missed.
  wait(Event::read);
  wait(Event::error);
}

void RealStream::start_read() {
  if (!drained_) return try_read();
  wait(Event::read);
}

void RealStream::ready(Event event) {
  switch (event) {
    case Event::read:
      drained_ = false;
      return try_read();
    case Event::write:
      return try_write();
    case Event::error:
      drained_ = false;
      failing_ = true;
      return;
  }
}

// As recv(2); and `drained_`, if the kernel says that nothing is left. It counts a FIN as something
// left, but not an error.
ssize_t RealStream::receive(std::span<std::byte> buffer) {
  iovec piece{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const auto got = uninterrupted([&] { return ::recvmsg(fd(), &message, 0); });
  if (got <= 0) return got;
  const cmsghdr* const told = CMSG_FIRSTHDR(&message);
  if (told == nullptr || told->cmsg_level != SOL_TCP || told->cmsg_type != TCP_CM_INQ) return got;
  int left = 0;
  std::memcpy(&left, CMSG_DATA(told), sizeof left);
  drained_ = left == 0 && !failing_;
  return got;
}

void RealStream::try_read() {
  const ReadOperation* const operation = reading();
  if (operation == nullptr) return;  // forgotten while we waited
  const auto got = receive(operation->buffer());
  if (got == 0 && was_broken()) {
    complete_read(failure(std::exchange(broken_by_, {})));
  } else if (got >= 0) {
    complete_read(static_cast<std::size_t>(got));
  } else if (would_block(errno)) {
    wait(Event::read);
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
    wait(Event::write);
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
