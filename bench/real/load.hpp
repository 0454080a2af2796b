#pragma once

// The load generator: one thread, raw epoll, the same for every server. Each connection keeps
// `window` messages under way: 1 is ping-pong, more is streaming.

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace piccolo::bench {

struct LoadOptions {
  std::size_t connections = 1;
  std::size_t message_bytes = 64;
  std::size_t window = 1;
  bool sleeps = false;  // while nothing has come
};

struct LoadResult {
  double seconds = 0;
  std::uint64_t messages = 0;
  double p50 = 0;  // seconds from writing a message's first byte to reading its last
  double p99 = 0;
};

class Load {
 public:
  // Connects to 127.0.0.1. Throws std::system_error.
  Load(std::uint16_t port, const LoadOptions& options);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Puts all connections to work for so long, and then waits until nothing is under way.
  LoadResult run(std::chrono::nanoseconds duration);
  // One message over each connection.
  void touch() { static_cast<void>(run(std::chrono::nanoseconds(0))); }

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection;

  void write(Connection& connection);
  void read(Connection& connection);
  void handle(const epoll_event& event);
  void watch(int how, Connection& connection, std::uint32_t events) const;

  LoadOptions options_;
  std::vector<std::byte> message_;
  std::vector<std::byte> buffer_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::uint32_t> latencies_;  // nanoseconds
  Clock::time_point now_;
  Clock::time_point end_;
  std::size_t under_way_ = 0;
  int epoll_ = -1;
};

// So many connections at once take so many descriptors.
void allow_many_descriptors();

}  // namespace piccolo::bench
