// A link lets some packets be overtaken.

#include "incarnation.hpp"

namespace piccolo {

void World::add_reordering(HostId from, HostId to, std::uint32_t ppm, Duration by) {
  impl_->link(from, to).model.add_reordering(ppm, by);
  impl_->fault_begins(FaultKind::reorder, link_id(from, to), ppm);
}

void World::remove_reordering(HostId from, HostId to, std::uint32_t ppm, Duration by) {
  impl_->link(from, to).model.remove_reordering(ppm, by);
  impl_->fault_ends(FaultKind::reorder, link_id(from, to), ppm);
}

}  // namespace piccolo
