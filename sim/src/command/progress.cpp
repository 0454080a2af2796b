#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "report.hpp"
#include "terminal.hpp"

namespace piccolo::sim {
namespace {

constexpr Duration between_lines = std::chrono::seconds(5);
constexpr std::uint64_t bar_width = 24;

std::uint64_t milliseconds(Duration time) {
  return static_cast<std::uint64_t>(time.count() / 1'000'000);
}

// "1:02:03", "2:03" or "12s"
std::string clock_text(std::uint64_t seconds) {
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

// Whichever comes first: the end of the seeds, or of the time.
std::uint64_t seconds_left(const CampaignProgress& progress) {
  const std::uint64_t rate = progress.done * 1000 / (milliseconds(progress.elapsed) + 1);
  std::uint64_t left = rate > 0 ? (progress.planned - progress.done) / rate + 1 : 0;
  if (progress.time_budget) {
    const Duration rest = std::max(*progress.time_budget - progress.elapsed, Duration(0));
    const std::uint64_t of_budget = milliseconds(rest) / 1000 + 1;
    left = left == 0 ? of_budget : std::min(left, of_budget);
  }
  return left;
}

// In parts of `whole`: of the seeds, or of the time if that is further.
std::uint64_t share_done(const CampaignProgress& progress, std::uint64_t whole) {
  if (progress.planned == 0) return whole;
  std::uint64_t share = progress.done * whole / progress.planned;
  if (progress.time_budget) {
    const std::uint64_t of_time = milliseconds(progress.elapsed) * whole /
                                  std::max<std::uint64_t>(milliseconds(*progress.time_budget), 1);
    share = std::max(share, of_time);
  }
  return std::min(share, whole);
}

std::string summary(const CampaignProgress& progress, bool colors) {
  const std::uint64_t rate = progress.done * 1000 / (milliseconds(progress.elapsed) + 1);
  const bool red = colors && progress.failed > 0;
  std::string text =
      fmt::format("{}/{} seeds, {}{} failed{}, {}/s", progress.done, progress.planned,
                  red ? "\x1b[31m" : "", progress.failed, red ? "\x1b[0m" : "", rate);
  const std::uint64_t left = progress.done < progress.planned ? seconds_left(progress) : 0;
  if (left > 0) text += fmt::format(", {} left", clock_text(left));
  return text;
}

}  // namespace

bool somebody_watches() { return is_terminal(STDERR_FILENO) && !is_set("CI"); }

Progress::Progress() : redraws_(somebody_watches()), colors_(!is_set("NO_COLOR")) {}

Progress::~Progress() {
  if (drawn_) static_cast<void>(std::fputs("\r\x1b[K", stderr));
}

void Progress::draw(const CampaignProgress& progress) {
  const std::string bar(share_done(progress, bar_width), '#');
  const std::string line =
      fmt::format("\r[{:<{}}] {}\x1b[K", bar, bar_width, summary(progress, colors_));
  static_cast<void>(std::fputs(line.c_str(), stderr));
  static_cast<void>(std::fflush(stderr));
  drawn_ = true;
}

void Progress::show(const CampaignProgress& progress) {
  if (redraws_) return draw(progress);
  if (progress.elapsed < next_ || progress.done == 0) return;
  next_ = progress.elapsed + between_lines;
  static_cast<void>(std::fputs((summary(progress, false) + "\n").c_str(), stderr));
}

}  // namespace piccolo::sim
