// Hosts are cut off one by one, and come back in another order (FoundationDB calls it
// swizzle-clogging: it finds what depends on who left first).

#include "incarnation.hpp"
#include "piccolo/core/assert.hpp"

namespace piccolo {

namespace {

void for_each_other(World::Impl& world, HostId host, void (*call)(Link& link)) {
  for (HostId other = 0; other < world.hosts.size(); ++other) {
    if (other == host) continue;
    call(world.link(host, other));
    call(world.link(other, host));
  }
}

}  // namespace

void World::clog(HostId host) {
  impl_->fault_begins(FaultKind::swizzle, host);
  for_each_other(*impl_, host, [](Link& link) {
    link.model.cut();
    ++link.swizzled;
  });
}

void World::unclog(HostId host) {
  impl_->fault_ends(FaultKind::swizzle, host);
  for_each_other(*impl_, host, [](Link& link) {
    PICCOLO_ASSERT(link.swizzled > 0, "a host was unclogged that is not clogged");
    link.model.mend();
    --link.swizzled;
  });
}

void World::swizzle(std::span<const HostId> hosts, Duration lasting, std::uint64_t pick) {
  PICCOLO_ASSERT(lasting.count() >= 0, "a swizzle was to end before it began");
  for (const HostId host : hosts)
    impl_->host(host);  // must exist, and not only when its turn comes
  const Random random = Random(pick).child("swizzle");
  for (const HostId host : hosts) {
    // Out in the first half, back in the second: moments of its own make orders of their own.
    Draws draws = random.stream("host", host);
    const Duration out = draws.between(Duration(0), lasting / 2);
    const Duration back = draws.between(lasting / 2, lasting);
    at(saturating_add(now(), out), [this, host] { clog(host); });
    at(saturating_add(now(), back), [this, host] { unclog(host); });
  }
}

}  // namespace piccolo
