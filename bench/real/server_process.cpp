#include "server_process.hpp"

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace piccolo::bench {
namespace {

cpu_set_t set_of(int core) noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(core), &set);
  return set;
}

// The n-th core that this process was allowed at its start, or -1.
int core(int number) {
  static const cpu_set_t allowed = [] {
    cpu_set_t set;
    CPU_ZERO(&set);
    ::sched_getaffinity(0, sizeof set, &set);
    return set;
  }();
  for (int each = 0; each < CPU_SETSIZE; ++each) {
    if (CPU_ISSET(static_cast<std::size_t>(each), &allowed) && number-- == 0) return each;
  }
  return -1;
}

void pin(pid_t process, int number) {
  if (core(1) < 0) return;
  const cpu_set_t set = set_of(core(number));
  static_cast<void>(::sched_setaffinity(process, sizeof set, &set));
}

std::uint16_t read_port(int pipe) {
  std::FILE* const file = ::fdopen(pipe, "r");
  unsigned port = 0;
  const bool told = file != nullptr && std::fscanf(file, "%u", &port) == 1;
  if (file != nullptr) std::fclose(file);
  if (!told) throw std::runtime_error("a server did not start to listen");
  return static_cast<std::uint16_t>(port);
}

}  // namespace

ServerProcess::ServerProcess(const ServerOptions& options) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const auto program =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "bench_echo_server";
  std::string path = program.string();
  std::string kind = options.kind;
  std::string buffer = std::to_string(options.buffer_bytes);
  std::string threads = std::to_string(options.threads);
  std::array<char*, 5> arguments{path.data(), kind.data(), buffer.data(), threads.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  const int error =
      ::posix_spawn(&pid_, path.c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (error != 0) throw std::runtime_error("cannot start " + path);
  if (options.threads == 1) pin(pid_, 1);
  port_ = read_port(pipe[0]);
  if (::clock_getcpuclockid(pid_, &clock_) != 0) throw std::runtime_error("no clock of a server");
}

ServerProcess::~ServerProcess() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

double ServerProcess::cpu_seconds() const {
  timespec now{};
  ::clock_gettime(clock_, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::size_t ServerProcess::memory_bytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/smaps_rollup");
  for (std::string word; file >> word;) {
    std::size_t kibibytes = 0;
    if (word == "Pss:" && file >> kibibytes) return kibibytes * 1024;
  }
  throw std::runtime_error("the kernel does not tell a server's memory");
}

void pin_caller() { pin(0, 0); }

}  // namespace piccolo::bench
