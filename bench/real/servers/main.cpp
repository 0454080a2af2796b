// bench_echo_server KIND BUFFER_BYTES THREADS: a server in a process of its own, so that its CPU
// time and its memory can be read. piccolo_bench starts it, and it ends with piccolo_bench.

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

#include "servers.hpp"

namespace piccolo::bench {

void announce(std::uint16_t port) {
  std::printf("%u\n", unsigned{port});
  std::fflush(stdout);
}

namespace {

void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

int serve(std::string_view kind, std::size_t buffer_bytes, unsigned threads) {
  if (kind == "piccolo") {
    serve_piccolo(buffer_bytes, threads);
  } else if (kind == "raw_epoll") {
    serve_raw_epoll(buffer_bytes);
  } else if (kind == "asio_callbacks") {
    serve_asio_callbacks(buffer_bytes);
  } else if (kind == "asio_awaitable") {
    serve_asio_awaitable(buffer_bytes);
  } else {
    std::fprintf(stderr, "bench_echo_server: no such kind, see servers/main.cpp\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace piccolo::bench

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::fprintf(stderr, "bench_echo_server: piccolo_bench starts it\n");
    return 2;
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  piccolo::bench::allow_many_descriptors();
  return piccolo::bench::serve(argv[1], std::stoul(argv[2]),
                               static_cast<unsigned>(std::stoul(argv[3])));
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_echo_server: %s\n", error.what());
  return 1;
}
