// The wires of a world: links, segments on their way, connections and their end.

#include <algorithm>
#include <utility>

#include "incarnation.hpp"
#include "world_impl.hpp"

namespace piccolo {

Link& World::Impl::link(HostId from, HostId to) {
  const std::uint64_t key = (static_cast<std::uint64_t>(from) << 32U) | to;
  std::unique_ptr<Link>& link = links[key];
  if (!link) {
    link = std::make_unique<Link>(from, to, from == to ? options.loopback : options.link,
                                  random.stream("link", key).next());
  }
  return *link;
}

HostId World::Impl::host_of(const Address& address, HostId seen_from) const {
  if (address.is_loopback()) return seen_from;
  const auto known = host_by_address.find(address);
  return known == host_by_address.end() ? nowhere : known->second;
}

Connection& World::Impl::new_connection(ConnectionId id) {
  auto* const connection = new Connection(*this, id);
  connections.insert(*connection);
  return *connection;
}

Segment& World::Impl::new_segment() {
  if (free_segments == nullptr) {
    segments.push_back(std::make_unique<Segment>());
    return *segments.back();
  }
  return *std::exchange(free_segments, free_segments->next_free);
}

void World::Impl::recycle(Segment& segment) noexcept {
  note_reapable(*segment.connection);
  segment.next_free = std::exchange(free_segments, &segment);
}

void World::Impl::send(Segment& segment, std::uint64_t coordinate, TimerKey& last_arrival) {
  Link& wire = *segment.link;
  record(EventKind::segment_sent, segment.connection->id,
         segment.flags | (static_cast<std::uint64_t>(segment.to) << 8U), segment.sequence,
         segment.length);
  Draws draws(coordinate ^ wire.draws);
  const PacketFate fate = wire.model.send(now, segment.length + 52, last_arrival.at, draws);
  if (fate.copies == 0) {
    lost(segment);
    return;
  }
  if (fate.delayed_by_fault) ++faults[FaultKind::delay].observed;
  const TimePoint arrival = fate.arrivals[0];
  // What one end sends arrives in order: at the same time at the earliest, and then right after.
  const TimerKey key{arrival, tie(coordinate)};
  last_arrival = last_arrival < key ? key : TimerKey{last_arrival.at, last_arrival.tie + 1};
  ++segment.connection->in_flight;
  schedule(segment, last_arrival.at, last_arrival.tie);
}

void World::Impl::lost(Segment& segment) noexcept {
  if (segment.link->model.is_cut()) ++faults[FaultKind::partition].observed;
  record(EventKind::segment_lost, segment.connection->id,
         segment.flags | (static_cast<std::uint64_t>(segment.to) << 8U), segment.sequence,
         segment.length);
  recycle(segment);
}

void World::Impl::arrived(Segment& segment) {
  Connection& connection = *segment.connection;
  --connection.in_flight;
  if (segment.link->model.is_cut()) return lost(segment);
  if (!hosts[segment.link->to].up) {
    ++faults[FaultKind::crash].observed;
    return lost(segment);
  }
  record(EventKind::segment_arrived, connection.id,
         segment.flags | (static_cast<std::uint64_t>(segment.to) << 8U), segment.sequence,
         segment.length);
  if (connection.severed) {
    connection.end(segment.to == Role::client ? Role::server : Role::client)
        .answer_severed(segment);
  } else {
    connection.end(segment.to).arrive(segment);
  }
  recycle(segment);
}

void World::Impl::answer_syn(TcpEnd& server, const Segment& syn) {
  Host& host = hosts[syn.link->to];
  const Endpoint target = server.connection().target;
  SimListener* const listener = host.listener_for(target);
  if (host.refusing > 0 && listener != nullptr) ++faults[FaultKind::refuse].observed;
  if (listener == nullptr || host.refusing > 0) {
    server.refuse(link(host.id, syn.link->from));
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
