#include "server_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "support/core.hpp"

namespace piccolo::bench {
namespace {

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
  if (options.threads == 1) pin(pid_, another_core());
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

}  // namespace piccolo::bench
