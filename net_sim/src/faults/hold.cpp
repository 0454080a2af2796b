// A link keeps all packets back, and then lets them go at once. A packet keeps its connection
// alive, so it may outlive the socket that sent it.

#include "incarnation.hpp"

namespace piccolo {

void World::hold(HostId from, HostId to) {
  impl_->link(from, to).hold();
  impl_->fault_begins(FaultKind::hold, link_id(from, to));
}

void World::release(HostId from, HostId to) {
  impl_->fault_ends(FaultKind::hold, link_id(from, to));
  impl_->link(from, to).release();
}

}  // namespace piccolo
