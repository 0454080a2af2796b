// A host's wall clock jumps; its monotonic clock does not.

#include "incarnation.hpp"

namespace piccolo {

void World::step_wall_clock(HostId host, Duration by) {
  impl_->fault_begins(FaultKind::clock_step, host, by.count());
  impl_->host(host).clock.step_wall(by);
}

}  // namespace piccolo
