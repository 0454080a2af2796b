// A link delivers some packets twice.

#include "incarnation.hpp"

namespace piccolo {

void World::add_duplication(HostId from, HostId to, std::uint32_t ppm) {
  impl_->link(from, to).model.add_duplication(ppm);
  impl_->fault_begins(FaultKind::duplicate, link_id(from, to), ppm);
}

void World::remove_duplication(HostId from, HostId to, std::uint32_t ppm) {
  impl_->link(from, to).model.remove_duplication(ppm);
  impl_->fault_ends(FaultKind::duplicate, link_id(from, to), ppm);
}

}  // namespace piccolo
