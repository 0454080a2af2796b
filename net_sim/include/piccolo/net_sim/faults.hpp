#pragma once

// Kinds of faults, and the proof that they bite: `injected` counts how often a fault was put in
// place, `observed` how often it changed what a node or its kernel experienced.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace piccolo {

enum class FaultKind : std::uint8_t {
  refuse,          // a host answers connection attempts as if nobody listened
  delay,           // a link is slower for a while
  hup,             // an established stream is hung up on, by RST or by FIN, perhaps in mid-message
  partition,       // links lose everything for a while, in one direction or both
  crash,           // a process is killed, and started again
  power_loss,      // a host goes silent with all it ran, and comes back without memory
  loss,            // a link loses some packets
  duplicate,       // a link delivers some packets twice
  reorder,         // a link lets some packets be overtaken
  hold,            // a link keeps all packets back, and then lets them go at once
  throttle,        // a link gets little bandwidth
  swizzle,         // hosts are cut off one by one, and come back in another order
  pause,           // a process stops running while its kernel goes on answering
  clock_step,      // a host's wall clock jumps
  clock_drift,     // a host's clocks run too fast or too slow
  port_taken,      // somebody else has the port that a process wants to listen on
  no_descriptors,  // a process has no file descriptor left: accept, connect and listen fail
  short_io,        // reads and writes move fewer bytes than they could
  names,           // a name is not found, found late, or leads elsewhere
};

inline constexpr std::size_t fault_kinds = 19;

std::string_view fault_kind_name(FaultKind kind) noexcept;
std::optional<FaultKind> parse_fault_kind(std::string_view name) noexcept;

struct FaultCount {
  std::uint64_t injected = 0;
  std::uint64_t observed = 0;
};

class FaultCounts {
 public:
  FaultCount& operator[](FaultKind kind) noexcept {
    return counts_[static_cast<std::size_t>(kind)];
  }
  const FaultCount& operator[](FaultKind kind) const noexcept {
    return counts_[static_cast<std::size_t>(kind)];
  }
  void add(const FaultCounts& other) noexcept {
    for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
      counts_[kind].injected += other.counts_[kind].injected;
      counts_[kind].observed += other.counts_[kind].observed;
    }
  }

 private:
  std::array<FaultCount, fault_kinds> counts_{};
};

}  // namespace piccolo
