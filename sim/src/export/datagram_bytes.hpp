#pragma once

// Datagrams, their fragments, and the ICMP messages that quote them, as they would be on the wire.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ip_bytes.hpp"
#include "piccolo/sim/recording.hpp"

namespace piccolo::sim {

class DatagramBytes {
 public:
  // With the IP header. `payload`: of the whole datagram.
  std::string fragment(const PacketView& packet, std::string_view payload);
  // Port unreachable; `payload` is that of the datagram that nobody took.
  std::string unreachable(const PacketView& packet, std::string_view payload);

 private:
  struct Sent {
    std::uint16_t from = 0;
    std::uint16_t to = 0;
    std::uint32_t id = 0;
  };

  const Sent& sent(const PacketView& packet);

  std::unordered_map<std::uint64_t, Sent> sent_;  // by socket and number
  std::uint32_t ids_ = 0;
};

}  // namespace piccolo::sim
