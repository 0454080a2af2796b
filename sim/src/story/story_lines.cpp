#include "piccolo/sim/story_lines.hpp"

#include <fmt/format.h>

#include <array>

#include "piccolo/core/error.hpp"

namespace piccolo::sim {

std::string_view line_kind_name(LineKind kind) noexcept {
  constexpr std::array<std::string_view, 9> names{
      "note", "fault", "process", "log", "listen", "connect", "stream", "data", "datagram"};
  return names[static_cast<std::size_t>(kind)];
}

std::uint64_t StoryLines::last_event() const noexcept {
  const std::uint64_t events = world_->trace().count();
  return events == 0 ? 0 : events - 1;
}

void StoryLines::note(std::string_view text) {
  constexpr std::string_view of_fault = "fault: ";
  const bool fault = text.starts_with(of_fault);
  if (fault) text.remove_prefix(of_fault.size());
  tell(fault ? LineKind::fault : LineKind::note, std::nullopt, std::string(text));
}

void StoryLines::process_started(ProcessId process) {
  tell(LineKind::process, process, "process started");
}

void StoryLines::process_ended(ProcessId process, bool killed) {
  tell(LineKind::process, process, killed ? "process killed" : "process ended");
}

void StoryLines::listening(ProcessId process, const Endpoint& local) {
  tell(LineKind::listen, process, fmt::format("listens on {}", local.to_string()));
}

void StoryLines::connecting(ProcessId process, const Endpoint& remote) {
  tell(LineKind::connect, process, fmt::format("connects to {}", remote.to_string()));
}

void StoryLines::connect_failed(ProcessId process, const Endpoint& remote,
                                const std::error_code& code) {
  tell(LineKind::connect, process,
       fmt::format("connect to {} failed: {}", remote.to_string(), error_name(code)));
}

void StoryLines::connected(const StreamEnd& end) {
  tell(LineKind::connect, end, fmt::format("connected to {}", end.remote.to_string()));
}

void StoryLines::accepted(const StreamEnd& end) {
  tell(LineKind::connect, end, fmt::format("accepted {}", end.remote.to_string()));
}

void StoryLines::read(const StreamEnd& end, std::span<const std::byte> bytes) {
  if (bytes.empty()) {
    return tell(LineKind::stream, end,
                fmt::format("{} ended its direction", end.remote.to_string()));
  }
  tell(LineKind::data, end,
       fmt::format("read {} bytes from {}", bytes.size(), end.remote.to_string()));
}

void StoryLines::wrote(const StreamEnd& end, std::span<const std::byte> bytes) {
  tell(LineKind::data, end,
       fmt::format("wrote {} bytes to {}", bytes.size(), end.remote.to_string()));
}

void StoryLines::stream_failed(const StreamEnd& end, const std::error_code& code) {
  tell(LineKind::stream, end,
       fmt::format("stream with {} failed: {}", end.remote.to_string(), error_name(code)));
}

void StoryLines::closed(const StreamEnd& end) {
  tell(LineKind::stream, end, fmt::format("closed the stream with {}", end.remote.to_string()));
}

void StoryLines::datagram_sent(ProcessId process, const Endpoint& /*from*/, const Endpoint& to,
                               std::span<const std::byte> bytes) {
  tell(LineKind::datagram, process,
       fmt::format("sent a datagram of {} bytes to {}", bytes.size(), to.to_string()));
}

void StoryLines::datagram_received(ProcessId process, const Endpoint& from, const Endpoint& /*to*/,
                                   std::span<const std::byte> bytes) {
  tell(LineKind::datagram, process,
       fmt::format("received a datagram of {} bytes from {}", bytes.size(), from.to_string()));
}

void StoryLines::logged(ProcessId process, LogLevel level, std::string_view text) {
  if (level < level_) return;
  line({.at = world_->now(),
        .event = last_event(),
        .kind = LineKind::log,
        .level = level,
        .process = process,
        .connection = std::nullopt,
        .text = std::string(text)});
}

void StoryLines::tell(LineKind kind, std::optional<ProcessId> process, std::string text) {
  line({.at = world_->now(),
        .event = last_event(),
        .kind = kind,
        .level = LogLevel::debug,
        .process = process,
        .connection = std::nullopt,
        .text = std::move(text)});
}

void StoryLines::tell(LineKind kind, const StreamEnd& end, std::string text) {
  line({.at = world_->now(),
        .event = last_event(),
        .kind = kind,
        .level = LogLevel::debug,
        .process = end.process,
        .connection = end.connection,
        .text = std::move(text)});
}

}  // namespace piccolo::sim
