#include "piccolo/core/node/self.hpp"

#include <algorithm>

namespace piccolo {
namespace {

// Connecting to the wildcard address reaches the loopback interface, on Linux.
Address destination(const Address& target) {
  const Address canonical = target.canonical();
  return canonical.is_unspecified() ? Address::loopback(canonical.family()) : canonical;
}

}  // namespace

bool Self::is_self(const Endpoint& target, std::span<const Address> local) const {
  if (target.port != bound_.port) return false;
  const Address address = destination(target.address);
  if (!bound_.address.is_unspecified()) return address == destination(bound_.address);
  // 0.0.0.0 accepts IPv4 only, :: accepts both families.
  if (bound_.address.is_v4() && !address.is_v4()) return false;
  return address.is_loopback() || std::find(local.begin(), local.end(), address) != local.end();
}

}  // namespace piccolo
