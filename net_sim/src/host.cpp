#include <utility>

#include "incarnation.hpp"
#include "ports.hpp"
#include "world_impl.hpp"

namespace piccolo {

Address Host::v4_of(HostId host) noexcept {
  const auto high = static_cast<std::uint8_t>((host + 1) >> 8U);
  return Address::v4(10, 0, high, static_cast<std::uint8_t>(host + 1));
}

Address Host::v6_of(HostId host) noexcept {
  const auto high = static_cast<std::uint8_t>((host + 1) >> 8U);
  const auto low = static_cast<std::uint8_t>(host + 1);
  return Address::v6_bytes({0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, high, 0, low});
}

std::size_t Host::number_in(const Address& address) noexcept {
  const auto& bytes = address.bytes();
  const auto [high, low] =
      address.is_v4() ? std::pair(bytes[2], bytes[3]) : std::pair(bytes[13], bytes[15]);
  return std::size_t{high} << 8U | low;
}

std::vector<Address> Host::addresses() const {
  return {Address::loopback(Address::Family::v4), Address::loopback(Address::Family::v6), v4, v6};
}

SimListener* Host::listener_for(const Endpoint& local) const noexcept {
  SimListener* wildcard = nullptr;
  const auto [first, last] = listeners.equal_range(local.port);
  for (auto at = first; at != last; ++at) {
    SimListener* const listener = at->second;
    const Endpoint& bound = listener->bound();
    if (bound.address == local.address) return listener;
    if (wildcard_takes(bound.address, local.address)) wildcard = listener;
  }
  return wildcard;
}

}  // namespace piccolo
