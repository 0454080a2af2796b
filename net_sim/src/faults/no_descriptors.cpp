// A process has no file descriptor left. What it has open goes on.

#include "incarnation.hpp"

namespace piccolo {

void World::exhaust_descriptors(ProcessId process) {
  const auto& alive = impl_->process(process).alive;
  if (!alive || alive->no_descriptors) return;
  impl_->fault_begins(FaultKind::no_descriptors, process);
  alive->no_descriptors = true;
}

void World::free_descriptors(ProcessId process) {
  const auto& alive = impl_->process(process).alive;
  if (!alive || !alive->no_descriptors) return;
  impl_->fault_ends(FaultKind::no_descriptors, process);
  alive->no_descriptors = false;
}

bool Incarnation::lacks_descriptor() noexcept {
  if (no_descriptors) ++world.faults[FaultKind::no_descriptors].observed;
  return no_descriptors;
}

}  // namespace piccolo
