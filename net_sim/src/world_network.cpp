// The wires of a world: links, segments on their way, connections and their end.

#include <algorithm>
#include <utility>

#include "incarnation.hpp"
#include "piccolo/core/assert.hpp"
#include "world_impl.hpp"

namespace piccolo {

Link& World::Impl::link(HostId from, HostId to) {
  const std::uint64_t key = link_id(from, to);
  std::unique_ptr<Link>& link = links[key];
  if (!link) {
    PICCOLO_ASSERT(from < hosts.size() && to < hosts.size(),
                   "a call named a link of a host that this world does not have");
    link = std::make_unique<Link>(*this, from, to, from == to ? options.loopback : options.link,
                                  random.stream("link", key).next());
  }
  return *link;
}

HostId World::Impl::host_of(const Address& address, HostId seen_from) const {
  if (address.is_loopback()) return seen_from;
  const std::size_t number = Host::number_in(address);
  if (number == 0 || number > hosts.size()) return nowhere;
  const Host& host = hosts[number - 1];
  return address == host.v4 || address == host.v6 ? host.id : nowhere;
}

Connection& World::Impl::new_connection(ConnectionId id) {
  auto* const connection = new Connection(*this, id);
  connections.insert(*connection);
  return *connection;
}

Segment& World::Impl::new_segment(Connection& connection) {
  if (free_segments == nullptr) {
    segments.push_back(std::make_unique<Segment>());
    free_segments = segments.back().get();
  }
  Segment& segment = *std::exchange(free_segments, free_segments->next_free);
  segment.connection = &connection;
  segment.subject = connection.id;
  ++connection.in_flight;
  return segment;
}

void World::Impl::recycle(Segment& segment) noexcept {
  --segment.connection->in_flight;
  note_reapable(*segment.connection);
  segment.next_free = std::exchange(free_segments, &segment);
}

bool World::Impl::is_refused(HostId from, HostId to, const Connection& connection) const {
  const auto between = connects.find(link_id(from, to));
  return between != connects.end() && between->second.refused.contains(connection.ordinal);
}

void World::Impl::answer_syn(TcpEnd& server, const Segment& syn) {
  Host& host = hosts[syn.link->to];
  const Endpoint target = server.connection().target;
  SimListener* const listener = host.listener_for(target);
  const bool refused =
      host.refusing > 0 || is_refused(syn.link->from, host.id, server.connection());
  if (refused && listener != nullptr) ++faults[FaultKind::refuse].observed;
  if (listener == nullptr || refused) {
    server.refuse(link(host.id, syn.link->from), syn);
    return;
  }
  if (listener->full()) return;  // dropped: the client's SYN is retried
  server.open_passively(*listener, host, target, server.connection().client.local_endpoint());
}

void World::Impl::note_reapable(Connection& connection) {
  if (connection.reap_listed || !connection.finished()) return;
  connection.reap_listed = true;
  maybe_finished.push_back(&connection);
}

void World::Impl::reap() {
  for (Connection* const connection : maybe_finished) {
    connection->reap_listed = false;
    if (!connection->finished()) continue;
    connections.erase(*connection);
    delete connection;
  }
  maybe_finished.clear();
}

}  // namespace piccolo
