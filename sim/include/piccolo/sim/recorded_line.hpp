#pragma once

// One line of a run's story, before it is printed, searched or drawn.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "piccolo/core/logger.hpp"
#include "piccolo/core/time.hpp"
#include "piccolo/net_sim/observer.hpp"

namespace piccolo::sim {

enum class LineKind : std::uint8_t {
  note,      // about the run as a whole
  fault,     // one begins or is over
  process,   // started, ended, killed
  log,       // by a program
  listen,    // from here on: what a program and its kernel did to each other
  connect,   // connecting, connected, accepted, connect failed
  stream,    // an end of stream read, an operation failed, closed
  data,      // bytes read or written
  datagram,  // sent or received
};
std::string_view line_kind_name(LineKind kind) noexcept;

// A moment worth telling. `event` is the number of the last event of the trace before it.
struct RecordedLine {
  TimePoint at;
  std::uint64_t event = 0;
  LineKind kind = LineKind::note;
  LogLevel level = LogLevel::debug;        // of logs
  std::optional<ProcessId> process;        // none: the run as a whole
  std::optional<ConnectionId> connection;  // of connects (once there is one), streams and data
  std::string text;                        // one line
};

}  // namespace piccolo::sim
