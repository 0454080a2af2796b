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
  if (aliases_.contains(target.canonical())) return true;
  if (target.port != bound_.port) return false;
  const Address address = destination(target.address);
  if (!bound_.address.is_unspecified()) return address == destination(bound_.address);
  // 0.0.0.0 accepts IPv4 only, :: accepts both families.
  if (bound_.address.is_v4() && !address.is_v4()) return false;
  return address.is_loopback() || std::find(local.begin(), local.end(), address) != local.end();
}

bool Self::outgoing_opened(const Endpoint& local, const Endpoint& target) {
  const Endpoint ours = local.canonical();
  if (accepted_.contains(ours) || ours == target.canonical()) {
    aliases_.insert(target.canonical());
    return false;
  }
  outgoing_.emplace(ours, target.canonical());
  return true;
}

void Self::outgoing_closed(const Endpoint& local) { outgoing_.erase(local.canonical()); }

bool Self::accepted(const Endpoint& remote) {
  const auto own = outgoing_.find(remote.canonical());
  if (own != outgoing_.end()) {
    aliases_.insert(own->second);
    return false;
  }
  accepted_.insert(remote.canonical());
  return true;
}

void Self::accepted_closed(const Endpoint& remote) {
  const auto entry = accepted_.find(remote.canonical());
  if (entry != accepted_.end()) accepted_.erase(entry);
}

}  // namespace piccolo
