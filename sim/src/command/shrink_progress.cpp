#include "shrink_progress.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "progress.hpp"

namespace piccolo::sim {
namespace {

constexpr Duration pause_between_lines = std::chrono::seconds(5);
constexpr Duration between_redraws = std::chrono::milliseconds(100);

std::string summary(const ShrinkProgress& progress) {
  return fmt::format("shrinking {}: {} of {} faults, {} of {} hosts, {} of {}, {} runs, {}s",
                     progress.step, progress.now.faults, progress.before.faults, progress.now.hosts,
                     progress.before.hosts, format_duration(progress.now.duration),
                     format_duration(progress.before.duration), progress.runs,
                     progress.elapsed / std::chrono::seconds(1));
}

}  // namespace

ShrinkProgressLine::ShrinkProgressLine() : redraws_(somebody_watches()) {
  if (!redraws_) next_ = pause_between_lines;
}

ShrinkProgressLine::~ShrinkProgressLine() {
  if (drawn_) static_cast<void>(std::fputs("\r\x1b[K", stderr));
}

void ShrinkProgressLine::show(const ShrinkProgress& progress) {
  if (progress.elapsed < next_) return;
  next_ = progress.elapsed + (redraws_ ? between_redraws : pause_between_lines);
  const std::string line = summary(progress);
  static_cast<void>(std::fputs((redraws_ ? "\r" + line + "\x1b[K" : line + "\n").c_str(), stderr));
  static_cast<void>(std::fflush(stderr));
  drawn_ = redraws_;
}

}  // namespace piccolo::sim
