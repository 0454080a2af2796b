#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace piccolo::cli {
namespace {

constexpr Duration between_lines = std::chrono::seconds(5);
constexpr std::uint64_t bar_width = 24;

std::string summary(const SweepProgress& progress) {
  const auto milliseconds = static_cast<std::uint64_t>(progress.elapsed.count() / 1'000'000) + 1;
  const std::uint64_t rate = progress.done * 1000 / milliseconds;
  const std::uint64_t left = progress.total - progress.done;
  std::string text = fmt::format("{}/{} seeds, {} violations, {}/s", progress.done, progress.total,
                                 progress.violations, rate);
  if (left > 0 && rate > 0) text += fmt::format(", {}s left", left / rate + 1);
  return text;
}

}  // namespace

Progress::Progress() : terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (drawn_) static_cast<void>(std::fputs("\r\x1b[K", stderr));
}

void Progress::show(const SweepProgress& progress) {
  if (terminal_) {
    const std::uint64_t filled = progress.done * bar_width / progress.total;
    const std::string line =
        fmt::format("\r[{:<{}}] {}\x1b[K", std::string(filled, '#'), bar_width, summary(progress));
    static_cast<void>(std::fputs(line.c_str(), stderr));
    static_cast<void>(std::fflush(stderr));
    drawn_ = true;
    return;
  }
  if (progress.elapsed < next_ || progress.done == 0) return;
  next_ = progress.elapsed + between_lines;
  static_cast<void>(std::fputs((summary(progress) + "\n").c_str(), stderr));
}

}  // namespace piccolo::cli
