#pragma once

// An echo server in a process of its own.

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>

namespace piccolo::bench {

struct ServerOptions {
  std::string kind;  // as servers/main.cpp knows them
  std::size_t buffer_bytes = 64;
  unsigned threads = 1;
};

// With one thread it leaves the fastest core to whoever drives it, who should stay there: so it is
// the servers whose limit is measured, and the scheduler does not decide the figures.
class ServerProcess {
 public:
  // Returns once it listens; throws std::runtime_error when it does not come to that.
  explicit ServerProcess(const ServerOptions& options);
  ~ServerProcess();  // kills it
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  double cpu_seconds() const;
  // Its proportional set size: what it has of physical memory, and its share of what others have.
  std::size_t memory_bytes() const;

 private:
  pid_t pid_ = -1;
  clockid_t clock_{};
  std::uint16_t port_ = 0;
};

}  // namespace piccolo::bench
