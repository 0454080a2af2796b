#pragma once

// Who this node is on the network. "Is that address me?" has no answer in the configuration: the
// port may have been climbed to, the bind address may be a wildcard, the listed address may be a
// name or another spelling. Two lines of defence:
//  1. before connecting, the target is compared with what was really bound and with the
//     addresses that the machine has at that moment;
//  2. a forwarder (NAT, load balancer) can lead back here under an address that is not ours. Then
//     the connection we accept comes from the very endpoint that one of our outgoing streams has,
//     and the target is remembered as another name of ours.

#include <map>
#include <set>
#include <span>

#include "piccolo/core/endpoint.hpp"

namespace piccolo {

class Self {
 public:
  void listening_on(const Endpoint& bound) noexcept { bound_ = bound.canonical(); }
  const Endpoint& bound() const noexcept { return bound_; }

  // Would connecting to `target` reach this node? `local` are the machine's addresses now.
  bool is_self(const Endpoint& target, std::span<const Address> local) const;

  // Both return false when the stream turned out to lead from this node to itself; the target is
  // known as this node from then on. Each true is paired with the matching `closed` call.
  bool outgoing_opened(const Endpoint& local, const Endpoint& target);
  void outgoing_closed(const Endpoint& local);
  bool accepted(const Endpoint& remote);
  void accepted_closed(const Endpoint& remote);

 private:
  Endpoint bound_;
  std::set<Endpoint> aliases_;
  std::map<Endpoint, Endpoint> outgoing_;  // our end of each outgoing stream, and its target
  std::multiset<Endpoint> accepted_;       // the far ends of the accepted streams
};

}  // namespace piccolo
