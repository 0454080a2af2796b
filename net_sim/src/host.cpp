#include "incarnation.hpp"
#include "ports.hpp"
#include "world_impl.hpp"

namespace piccolo {

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
