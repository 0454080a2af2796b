// Links lose everything: one of them, those of a pair, of a host, between two sides, or all but a
// ring.

#include <algorithm>

#include "incarnation.hpp"
#include "piccolo/core/assert.hpp"

namespace piccolo {

namespace {

// Calls for every ordered pair of hosts that the two sides of a split are.
template <class Call>
void for_each_across(std::size_t hosts, std::span<const HostId> side, Call call) {
  std::vector<bool> inside(hosts, false);
  for (const HostId host : side) {
    PICCOLO_ASSERT(host < hosts, "a split named a host that this world does not have");
    inside[host] = true;
  }
  const auto within = static_cast<std::size_t>(std::count(inside.begin(), inside.end(), true));
  PICCOLO_ASSERT(within > 0 && within < hosts,
                 "a split has hosts on one side only: it cuts nothing");
  for (HostId from = 0; from < hosts; ++from) {
    for (HostId to = 0; to < hosts; ++to) {
      if (inside[from] != inside[to]) call(from, to);
    }
  }
}

// Likewise for those that are no neighbours in a ring.
template <class Call>
void for_each_chord(std::size_t hosts, Call call) {
  for (HostId from = 0; from < hosts; ++from) {
    for (HostId to = 0; to < hosts; ++to) {
      const std::size_t apart = from < to ? to - from : from - to;
      if (apart > 1 && apart + 1 < hosts) call(from, to);
    }
  }
}

}  // namespace

void World::cut(HostId from, HostId to) {
  PICCOLO_ASSERT(from != to, "a host was to be cut off from itself");
  impl_->link(from, to).model.cut();
  impl_->fault_begins(FaultKind::partition, link_id(from, to));
}

void World::mend(HostId from, HostId to) {
  impl_->link(from, to).model.mend();
  impl_->fault_ends(FaultKind::partition, link_id(from, to));
}

void World::partition(HostId a, HostId b) {
  cut(a, b);
  cut(b, a);
}

void World::heal(HostId a, HostId b) {
  mend(a, b);
  mend(b, a);
}

void World::isolate(HostId host) { split({&host, 1}); }

void World::rejoin(HostId host) { unite({&host, 1}); }

void World::split(std::span<const HostId> side) {
  for_each_across(host_count(), side, [this](HostId from, HostId to) { cut(from, to); });
}

void World::unite(std::span<const HostId> side) {
  for_each_across(host_count(), side, [this](HostId from, HostId to) { mend(from, to); });
}

void World::leave_ring() {
  PICCOLO_ASSERT(host_count() >= 4, "a ring of fewer than four hosts cuts nothing");
  for_each_chord(host_count(), [this](HostId from, HostId to) { cut(from, to); });
}

void World::heal_ring() {
  for_each_chord(host_count(), [this](HostId from, HostId to) { mend(from, to); });
}

}  // namespace piccolo
