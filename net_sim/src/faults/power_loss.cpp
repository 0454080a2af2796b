// A machine goes silent with all it ran, and comes back without memory.

#include "incarnation.hpp"

namespace piccolo {

void World::power_off(HostId host) {
  Host& of = impl_->host(host);
  if (!of.up) return;
  of.up = false;
  ++impl_->faults[FaultKind::power_loss].injected;
  impl_->record(EventKind::host_down, host);
  while (!of.ends.empty()) of.ends.back().lose_power();
  for (Process& process : impl_->processes) {
    if (process.host != host || !process.alive) continue;
    for (SimListener* const listener : process.alive->listeners) listener->close(true);
    for (SimDatagram* const socket : process.alive->datagram_sockets) socket->close();
    impl_->end(process, true);
  }
}

void World::power_on(HostId host) {
  Host& of = impl_->host(host);
  if (of.up) return;
  of.up = true;
  ++of.boots;
  impl_->record(EventKind::host_up, host);
}

bool World::powered(HostId host) const { return impl_->host(host).up; }

}  // namespace piccolo
