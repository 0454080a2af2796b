#include "child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stdexcept>

namespace piccolo::bench {
namespace {

double seconds(const timeval& time) noexcept {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

std::string read_all(int from) {
  std::string text;
  std::array<char, 256> buffer{};
  for (;;) {
    const ssize_t got = read(from, buffer.data(), buffer.size());
    if (got <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

Cost child_cost(const std::string& program, const std::vector<std::string>& words) {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  std::vector<std::string> line{(folder / program).string()};
  line.insert(line.end(), words.begin(), words.end());
  std::vector<char*> pointers;
  pointers.reserve(line.size() + 1);
  for (std::string& word : line) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  std::array<int, 2> pipe{};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe for " + program);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  const OnCore here(fastest_core());
  pid_t child = 0;
  const int failed =
      posix_spawn(&child, line[0].c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe[1]);
  const std::string text = failed != 0 ? std::string() : read_all(pipe[0]);
  close(pipe[0]);
  if (failed != 0) throw std::runtime_error("cannot run " + line[0]);

  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child || status != 0 || text.empty()) {
    throw std::runtime_error(line[0] + " failed");
  }
  return Cost{seconds(used.ru_utime) + seconds(used.ru_stime), std::stoull(text)};
}

}  // namespace piccolo::bench
