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
  refuse,     // a host answers connection attempts as if nobody listened
  delay,      // a link is slower for a while
  hup,        // an established stream is hung up on, by RST or by FIN, perhaps in mid-message
  partition,  // a link loses everything for a while, in one direction or both
  crash,      // a process is killed, or a host loses power; both come back
};

inline constexpr std::size_t fault_kinds = 5;

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
