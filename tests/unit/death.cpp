#include "death.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace piccolo::test {
namespace {

[[noreturn]] void run_child(const std::function<void()>& action, const std::array<int, 2>& pipe) {
  // Catch2 and the sanitizers would report the signal themselves.
  static_cast<void>(std::signal(SIGABRT, SIG_DFL));
  static_cast<void>(dup2(pipe[1], STDERR_FILENO));
  action();
  _exit(0);
}

}  // namespace

std::string abort_message(const std::function<void()>& action) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == -1) return "no child process";
  if (child == 0) run_child(action, pipe);
  close(pipe[1]);
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = read(pipe[0], buffer.data(), buffer.size());
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  close(pipe[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) return text;
  return "did not abort, wait status " + std::to_string(status) + ": " + text;
}

}  // namespace piccolo::test
