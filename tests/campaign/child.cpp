#include "child.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <stdexcept>

namespace piccolo::campaign_test {
namespace {

constexpr std::array signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT};

[[noreturn]] void be_the_child(const std::function<void()>& action, int errors) {
  dup2(errors, STDERR_FILENO);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : signals) static_cast<void>(std::signal(signal, SIG_DFL));
  action();
  _exit(0);
}

}  // namespace

ChildEnd in_child(const std::function<void()>& action) {
  std::array<int, 2> pipe{};
  static_cast<void>(std::fflush(nullptr));
  if (::pipe(pipe.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == -1) throw std::runtime_error("no child process");
  if (child == 0) be_the_child(action, pipe[1]);
  close(pipe[1]);
  ChildEnd end;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = read(pipe[0], buffer.data(), buffer.size());
    if (got <= 0) break;
    end.errors.append(buffer.data(), static_cast<std::size_t>(got));
  }
  close(pipe[0]);
  waitpid(child, &end.status, 0);
  return end;
}

struct NoSignalHandlers::Before {
  std::array<struct sigaction, signals.size()> actions{};
};

NoSignalHandlers::NoSignalHandlers() : before_(new Before) {
  for (std::size_t index = 0; index < signals.size(); ++index) {
    struct sigaction by_default{};
    by_default.sa_handler = SIG_DFL;
    sigaction(signals[index], &by_default, &before_->actions[index]);
  }
}

NoSignalHandlers::~NoSignalHandlers() {
  for (std::size_t index = 0; index < signals.size(); ++index) {
    sigaction(signals[index], &before_->actions[index], nullptr);
  }
  delete before_;
}

}  // namespace piccolo::campaign_test
