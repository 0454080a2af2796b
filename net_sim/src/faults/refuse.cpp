// A host answers connection attempts by a reset, as if nobody listened: all for a while, or one.

#include "incarnation.hpp"
#include "piccolo/core/assert.hpp"

namespace piccolo {

void World::refuse_connects(HostId host) {
  ++impl_->host(host).refusing;
  impl_->fault_begins(FaultKind::refuse, host);
}

void World::accept_connects(HostId host) {
  Host& of = impl_->host(host);
  PICCOLO_ASSERT(of.refusing > 0, "a host was told to accept that does not refuse");
  --of.refusing;
  impl_->fault_ends(FaultKind::refuse, host);
}

void World::refuse_connect(HostId from, HostId to, std::uint64_t nth) {
  PICCOLO_ASSERT(nth > 0, "connects are counted from 1");
  impl_->host(from);  // must exist
  impl_->host(to);
  impl_->connects[link_id(from, to)].refused.insert(nth);
  impl_->fault_begins(FaultKind::refuse, to, static_cast<std::int64_t>(nth));
}

}  // namespace piccolo
