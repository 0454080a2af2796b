#pragma once

// One fault of a run: a value that can be drawn from a seed, printed as a line, read back from it,
// left out or written by hand:
//     1.204s isolate n2 for 3s
//     2s cut n1 -> n3 for 500ms
// docs/faults.md lists all lines.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "piccolo/core/time.hpp"
#include "piccolo/net_sim/faults.hpp"
#include "piccolo/net_sim/observer.hpp"

namespace piccolo {

class World;

struct Fault {
  FaultKind kind = FaultKind::refuse;
  std::uint8_t form = 0;                // which of the kind's lines
  Duration at{0};                       // since the start of the run
  Duration lasting{0};                  // 0 for what is done in an instant
  std::vector<std::uint32_t> subjects;  // hosts or processes, in the order of the line
  Duration by{0};                       // of what is about time: a delay, a step
  std::int64_t amount = 0;              // ppm, bytes per second, a port
  std::uint64_t pick = 0;               // which one, where the run decides among what it has then

  bool operator==(const Fault&) const = default;
};

// Who there is to suffer, and for how long.
struct FaultScene {
  std::vector<std::string> hosts;
  std::vector<std::string> processes;
  std::vector<HostId> host_of;  // by process
  Duration duration{0};         // all faults are over by then

  static FaultScene of(const World& world, Duration duration);
};

// "isolate n2 for 3s", and with its time "1.204s isolate n2 for 3s".
std::string describe(const Fault& fault, const FaultScene& scene);
std::string to_line(const Fault& fault, const FaultScene& scene);

// Longer lines are no faults: 64 hosts and all numbers at their longest fit.
inline constexpr std::size_t fault_line_max = 1000;

// The fault that `to_line` prints so. A process's name also stands for its host. The error is one
// line that names what is wrong and the cure; so it is for a fault that makes no sense by itself.
std::expected<Fault, std::string> parse_fault(std::string_view line, const FaultScene& scene);

// The kind of the fault that such a line is about, if it is one.
std::optional<FaultKind> fault_kind_of(std::string_view line);

// What is wrong with a fault that was put together by hand, and how to cure it; empty for nothing.
std::string complaint_about(const Fault& fault, const FaultScene& scene);

// All lines there are, with words for what varies: "isolate HOST for TIME".
std::vector<std::string> fault_lines(FaultKind kind);

}  // namespace piccolo
