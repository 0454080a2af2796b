// A host answers connection attempts by a reset, as if nobody listened.

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

}  // namespace piccolo
