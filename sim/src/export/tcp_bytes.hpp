#pragma once

// Segments as they would be on the wire: sequence numbers, windows and options from the simulator's
// offsets.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "piccolo/sim/recording.hpp"

namespace piccolo::sim {

class TcpBytes {
 public:
  // `answers_syn`: a reset that a SYN got. Of each direction, segments in the order of sending.
  std::string segment(const PacketView& packet, std::string_view payload, bool answers_syn);

 private:
  // From one end to the other.
  struct Direction {
    std::uint64_t fin_at = UINT64_MAX;  // once it was sent
    std::uint64_t sent = 0;             // the offset behind all that was, a FIN included
    std::uint32_t scale = 0;            // of the windows that it announces
  };

  static std::uint32_t wire_sequence(const PacketView& packet, Direction& direction);

  std::unordered_map<std::uint64_t, Direction> directions_;
};

}  // namespace piccolo::sim
