#include "story_line.hpp"

#include <fmt/format.h>

namespace piccolo::sim {
std::string story_text(const RecordedLine& line) {
  if (line.kind == LineKind::fault) return "fault: " + line.text;
  if (line.kind != LineKind::log || line.level < LogLevel::warn) return line.text;
  return fmt::format("{}: {}", log_level_name(line.level), line.text);
}

std::string story_line(TimePoint at, std::string_view who, std::string_view text) {
  return fmt::format("{:>12}  {:<5} {}", format_seconds(at.time_since_epoch()), who, text);
}

std::optional<std::string> story_line(const Recording& recording, const RecordedLine& line) {
  if (line.kind > LineKind::log) return std::nullopt;
  const std::string_view who =
      line.process ? std::string_view(recording.processes[*line.process].name) : "*";
  return story_line(line.at, who, story_text(line));
}

}  // namespace piccolo::sim
