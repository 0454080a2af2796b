// A host's clocks run too fast or too slow. Its timers are armed in its own time, so they are put
// anew when the rate changes. The kernel's own timers, which are TCP's, keep true time.

#include "incarnation.hpp"
#include "piccolo/core/assert.hpp"

namespace piccolo {

void World::drift_clock(HostId host, std::int32_t ppm) {
  PICCOLO_ASSERT(ppm >= -HostClock::drift_max && ppm <= HostClock::drift_max,
                 "a clock was told to drift by more than 100,000 ppm");
  if (ppm != 0) {
    impl_->fault_begins(FaultKind::clock_drift, host, ppm);
  } else {
    impl_->fault_ends(FaultKind::clock_drift, host);
  }
  impl_->host(host).clock.drift(impl_->now, ppm);
  for (const Process& process : impl_->processes) {
    if (process.host == host && process.alive) process.alive->clock.set_alarm();
  }
}

}  // namespace piccolo
