// The least that a server can do: level-triggered epoll, one buffer for all, a receive and a send
// per message.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <system_error>
#include <vector>

#include "servers.hpp"

namespace piccolo::bench {
namespace {

struct Connection {
  int fd = -1;
  std::vector<std::byte> unsent;  // not empty while we wait to write
};

int checked(int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category());
  return result;
}

class Server {
 public:
  explicit Server(std::size_t buffer_bytes) : buffer_(buffer_bytes) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    checked(::bind(listener_.fd, generic, length));
    checked(::listen(listener_.fd, backlog));
    checked(::getsockname(listener_.fd, generic, &length));
    watch(EPOLL_CTL_ADD, listener_, EPOLLIN);
    announce(ntohs(address.sin_port));
  }

  void run() {
    std::array<epoll_event, 128> events{};
    for (;;) {
      const int count = ::epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int index = 0; index < count; ++index) {
        auto& connection =
            *static_cast<Connection*>(events[static_cast<std::size_t>(index)].data.ptr);
        if (&connection == &listener_) {
          accept_one();
        } else if (!serve(connection)) {
          ::close(connection.fd);
          delete &connection;
        }
      }
    }
  }

 private:
  void watch(int how, Connection& connection, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &connection;
    checked(::epoll_ctl(epoll_, how, connection.fd, &event));
  }

  void accept_one() const {
    const int fd = ::accept4(listener_.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    checked(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    watch(EPOLL_CTL_ADD, *new Connection{fd, {}}, EPOLLIN);
  }

  // False when the connection has ended.
  bool serve(Connection& connection) {
    if (!connection.unsent.empty()) return flush(connection);
    const auto got = ::recv(connection.fd, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) return got < 0 && errno == EAGAIN;
    const auto data = std::span(buffer_).first(static_cast<std::size_t>(got));
    const std::size_t taken = send(connection, data);
    if (taken < data.size()) {
      connection.unsent.assign(data.begin() + static_cast<std::ptrdiff_t>(taken), data.end());
      watch(EPOLL_CTL_MOD, connection, EPOLLOUT);
    }
    return true;
  }

  bool flush(Connection& connection) {
    const std::size_t taken = send(connection, connection.unsent);
    if (taken == 0) return errno == EAGAIN;
    connection.unsent.erase(connection.unsent.begin(),
                            connection.unsent.begin() + static_cast<std::ptrdiff_t>(taken));
    if (connection.unsent.empty()) watch(EPOLL_CTL_MOD, connection, EPOLLIN);
    return true;
  }

  static std::size_t send(const Connection& connection, std::span<const std::byte> data) {
    const auto taken = ::send(connection.fd, data.data(), data.size(), MSG_NOSIGNAL);
    return taken < 0 ? 0 : static_cast<std::size_t>(taken);
  }

  int epoll_ = checked(::epoll_create1(EPOLL_CLOEXEC));
  Connection listener_{checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
                       {}};
  std::vector<std::byte> buffer_;
};

}  // namespace

void serve_raw_epoll(std::size_t buffer_bytes) { Server(buffer_bytes).run(); }

}  // namespace piccolo::bench
