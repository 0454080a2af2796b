#include "piccolo/sim/narrator.hpp"

#include <fmt/format.h>

#include "story_line.hpp"

namespace piccolo {

void Narrator::tell(std::string_view who, std::string_view text) {
  sink_(sim::story_line(world_->now(), who, text));
}

void Narrator::note(std::string_view text) { tell("*", text); }

void Narrator::process_started(ProcessId process) {
  tell(world_->process_name(process), "process started");
}

void Narrator::process_ended(ProcessId process, bool killed) {
  tell(world_->process_name(process), killed ? "process killed" : "process ended");
}

void Narrator::logged(ProcessId process, LogLevel level, std::string_view text) {
  if (level < level_) return;
  const std::string_view mark = level >= LogLevel::warn ? log_level_name(level) : "";
  tell(world_->process_name(process),
       mark.empty() ? std::string(text) : fmt::format("{}: {}", mark, text));
}

}  // namespace piccolo
