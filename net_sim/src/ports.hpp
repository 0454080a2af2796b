#pragma once

// Which ports are free: the same rules for listeners and for datagram sockets.

#include <cstdint>

#include "piccolo/core/endpoint.hpp"
#include "piccolo/core/random.hpp"
#include "piccolo/net_sim/options.hpp"

namespace piccolo {

// Would the kernel refuse to bind both? A wildcard overlaps every address of the families it takes.
inline bool overlap(const Endpoint& a, const Endpoint& b) noexcept {
  if (a.port != b.port) return false;
  if (a.address == b.address) return true;
  const bool same_family = a.address.is_v4() == b.address.is_v4();
  if (a.address.is_unspecified() && (same_family || !a.address.is_v4())) return true;
  return b.address.is_unspecified() && (same_family || !b.address.is_v4());
}

// Does what was sent to `target` reach a socket bound to `bound` by its wildcard? One bound to ::
// takes IPv4 as well.
inline bool wildcard_takes(const Address& bound, const Address& target) noexcept {
  if (!bound.is_unspecified()) return false;
  return bound.is_v4() == target.is_v4() || !bound.is_v4();
}

// As in Linux: from a random place in the range on, the first that is free. 0 when none is.
template <class Free>
std::uint16_t find_port(PortRange ports, std::uint64_t random, Free free) {
  const std::uint64_t range = ports.last - ports.first + 1U;
  const std::uint64_t start = scale_to(random, range);
  for (std::uint64_t step = 0; step < range; ++step) {
    const auto port = static_cast<std::uint16_t>(ports.first + (start + step) % range);
    if (free(port)) return port;
  }
  return 0;
}

// No host of the world is meant: 255.255.255.255, 224.0.0.0/4, ff00::/8.
inline bool is_broadcast(const Address& address) noexcept {
  return address == Address::v4(255, 255, 255, 255);
}
inline bool is_no_host(const Address& address) noexcept {
  const auto& bytes = address.bytes();
  if (!address.is_v4()) return bytes[0] == 0xff;
  return is_broadcast(address) || (bytes[0] & 0xf0U) == 0xe0;
}

}  // namespace piccolo
