// A stream is hung up on, by a reset or by a false end.

#include "incarnation.hpp"

namespace piccolo {

bool World::hang_up(HostId a, HostId b, HangUp how, std::uint64_t pick) {
  impl_->host(b);  // must exist
  std::vector<TcpEnd*> candidates;
  for (TcpEnd* const end : impl_->host(a).ends) {
    if (end->state() != TcpEnd::State::established || !end->held()) continue;
    if (impl_->host_of(end->remote_endpoint().address, a) == b) candidates.push_back(end);
  }
  if (candidates.empty()) return false;
  Connection& connection = candidates[scale_to(mix64(pick), candidates.size())]->connection();
  impl_->fault_begins(FaultKind::hup, connection.id, static_cast<std::int64_t>(how));
  connection.client.hang_up(how);
  connection.server.hang_up(how);
  return true;
}

}  // namespace piccolo
