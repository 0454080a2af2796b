#include "load.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <span>
#include <system_error>
#include <utility>

namespace piccolo::bench {
namespace {

ssize_t checked(ssize_t result) {
  if (result < 0) throw std::system_error(errno, std::generic_category());
  return result;
}

// Many connections come from several addresses, as one has but 28,000 ports.
int connect_to(std::uint16_t port, std::size_t number) {
  constexpr std::size_t connections_per_address = 10'000;
  const int fd = static_cast<int>(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  const auto host = static_cast<std::uint32_t>(number / connections_per_address);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  const int on = 1;
  checked(::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on));
  checked(::bind(fd, generic, sizeof address));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  checked(::connect(fd, generic, sizeof address));
  checked(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  // Closing leaves no TIME_WAIT behind that the next run would have to wait for.
  const linger at_once{1, 0};
  checked(::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
  return fd;
}

double percentile(std::vector<std::uint32_t>& sorted, double part) {
  const auto index = static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1));
  return 1e-9 * static_cast<double>(sorted[index]);
}

}  // namespace

struct Load::Connection {
  int fd = -1;
  std::size_t to_send = 0;                // of the message that is being written
  std::size_t received = 0;               // of the message that is being read
  std::deque<Clock::time_point> sent_at;  // of the messages under way
  bool blocked = false;
};

Load::Load(std::uint16_t port, const LoadOptions& options)
    : options_(options), message_(options.message_bytes), buffer_(std::size_t{64} * 1024) {
  epoll_ = static_cast<int>(checked(::epoll_create1(EPOLL_CLOEXEC)));
  connections_.reserve(options.connections);
  for (std::size_t number = 0; number < options.connections; ++number) {
    connections_.push_back(std::make_unique<Connection>());
    connections_.back()->fd = connect_to(port, number);
    watch(EPOLL_CTL_ADD, *connections_.back(), EPOLLIN);
  }
}

Load::~Load() {
  for (const auto& connection : connections_) ::close(connection->fd);
  ::close(epoll_);
}

void Load::watch(int how, Connection& connection, std::uint32_t events) const {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &connection;
  checked(::epoll_ctl(epoll_, how, connection.fd, &event));
}

LoadResult Load::run(std::chrono::nanoseconds duration) {
  latencies_.clear();
  const auto begin = now_ = Clock::now();
  end_ = begin + duration;
  for (const auto& connection : connections_) {
    connection->to_send = message_.size();
    connection->sent_at.push_back(now_);
    ++under_way_;
    write(*connection);
  }
  std::array<epoll_event, 256> events{};
  while (under_way_ > 0) {
    // Asleep we would be woken at the cost of the server whose answer finds us so, the more often
    // the slower it is.
    const auto count =
        checked(::epoll_wait(epoll_, events.data(), events.size(), options_.sleeps ? -1 : 0));
    now_ = Clock::now();
    for (const auto& event : std::span(events).first(static_cast<std::size_t>(count))) {
      handle(event);
    }
  }
  LoadResult result;
  result.seconds = std::chrono::duration<double>(now_ - begin).count();
  result.messages = latencies_.size();
  std::ranges::sort(latencies_);
  result.p50 = percentile(latencies_, 0.5);
  result.p99 = percentile(latencies_, 0.99);
  return result;
}

void Load::handle(const epoll_event& event) {
  auto& connection = *static_cast<Connection*>(event.data.ptr);
  if ((event.events & ~std::uint32_t{EPOLLOUT}) != 0) read(connection);
  write(connection);
}

void Load::write(Connection& connection) {
  for (;;) {
    if (connection.to_send == 0) {
      if (connection.sent_at.size() >= options_.window || now_ >= end_) break;
      connection.to_send = message_.size();
      connection.sent_at.push_back(now_);
      ++under_way_;
    }
    const auto rest = std::span(message_).last(connection.to_send);
    const auto taken = ::send(connection.fd, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (taken < 0 && errno == EAGAIN) {
      if (!std::exchange(connection.blocked, true)) {
        watch(EPOLL_CTL_MOD, connection, EPOLLIN | EPOLLOUT);
      }
      return;
    }
    connection.to_send -= static_cast<std::size_t>(checked(taken));
  }
  if (std::exchange(connection.blocked, false)) watch(EPOLL_CTL_MOD, connection, EPOLLIN);
}

void Load::read(Connection& connection) {
  const auto got = ::recv(connection.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  if (checked(got) == 0) throw std::system_error(ECONNRESET, std::generic_category());
  connection.received += static_cast<std::size_t>(got);
  if (connection.received < message_.size()) return;
  const auto now = Clock::now();
  while (connection.received >= message_.size()) {
    connection.received -= message_.size();
    const auto took = std::chrono::nanoseconds(now - connection.sent_at.front()).count();
    connection.sent_at.pop_front();
    latencies_.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(took, UINT32_MAX)));
    --under_way_;
  }
  now_ = now;
}

void allow_many_descriptors() {
  rlimit limit{};
  checked(::getrlimit(RLIMIT_NOFILE, &limit));
  limit.rlim_cur = limit.rlim_max;
  checked(::setrlimit(RLIMIT_NOFILE, &limit));
}

}  // namespace piccolo::bench
