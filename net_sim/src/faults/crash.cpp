// A process is killed, and its kernel closes what it had open.

#include "incarnation.hpp"

namespace piccolo {

void World::kill(ProcessId process) {
  Process& of = impl_->process(process);
  if (!of.alive) return;
  impl_->fault_begins(FaultKind::crash, process);
  for (const TcpEnd* const end : of.alive->ends) {
    if (end->state() != TcpEnd::State::dead) ++impl_->faults[FaultKind::crash].observed;
  }
  impl_->faults[FaultKind::crash].observed += of.alive->datagram_sockets.size();
  impl_->end(of, true);
}

}  // namespace piccolo
