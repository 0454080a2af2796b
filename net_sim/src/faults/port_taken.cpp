// Another program listens on a port. It accepts nobody: who connects is refused.

#include "incarnation.hpp"
#include "piccolo/core/assert.hpp"

namespace piccolo {

void World::take_port(HostId host, std::uint16_t port) {
  PICCOLO_ASSERT(port != 0, "port 0 was to be taken: it stands for any port, and nobody has it");
  ++impl_->host(host).taken_ports[port];
  impl_->fault_begins(FaultKind::port_taken, host, port);
}

void World::give_back_port(HostId host, std::uint16_t port) {
  auto& taken = impl_->host(host).taken_ports;
  const auto found = taken.find(port);
  PICCOLO_ASSERT(found != taken.end(), "a port was given back that was not taken");
  if (--found->second == 0) taken.erase(found);
  impl_->fault_ends(FaultKind::port_taken, host, port);
}

std::uint16_t World::last_port(ProcessId process) const {
  return impl_->process(process).last_port;
}

}  // namespace piccolo
