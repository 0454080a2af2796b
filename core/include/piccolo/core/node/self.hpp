#pragma once

// Who this node is on the network. "Is that address me?" has no answer in the configuration: the
// port may have been climbed to, the bind address may be a wildcard, the listed address may be a
// name or another spelling. So before each connect the target is compared with what was really
// bound and with the addresses that the machine has at that moment.
//
// What this cannot see is a forwarder (NAT, load balancer) that leads back here under a foreign
// address. Comparing the far ends of accepted streams with the near ends of outgoing ones does not
// find it either: another process of the same machine may use the same local port towards us.

#include <span>

#include "piccolo/core/endpoint.hpp"

namespace piccolo {

class Self {
 public:
  void listening_on(const Endpoint& bound) noexcept { bound_ = bound.canonical(); }

  // Only what listens on every address has to know which there are.
  bool needs_addresses() const noexcept { return bound_.address.is_unspecified(); }
  // Would connecting to `target` reach this node? `local` are the machine's addresses now.
  bool is_self(const Endpoint& target, std::span<const Address> local) const;

 private:
  Endpoint bound_;
};

}  // namespace piccolo
