// A link takes longer.

#include "incarnation.hpp"

namespace piccolo {

void World::add_delay(HostId from, HostId to, Duration extra) {
  impl_->link(from, to).model.add_delay(extra);
  impl_->fault_begins(FaultKind::delay, link_id(from, to), extra.count());
}

void World::remove_delay(HostId from, HostId to, Duration extra) {
  impl_->link(from, to).model.remove_delay(extra);
  impl_->fault_ends(FaultKind::delay, link_id(from, to), extra.count());
}

}  // namespace piccolo
