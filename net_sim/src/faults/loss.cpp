// A link loses some packets.

#include "incarnation.hpp"

namespace piccolo {

void World::add_loss(HostId from, HostId to, std::uint32_t ppm) {
  impl_->link(from, to).model.add_loss(ppm);
  impl_->fault_begins(FaultKind::loss, link_id(from, to), ppm);
}

void World::remove_loss(HostId from, HostId to, std::uint32_t ppm) {
  impl_->link(from, to).model.remove_loss(ppm);
  impl_->fault_ends(FaultKind::loss, link_id(from, to), ppm);
}

}  // namespace piccolo
