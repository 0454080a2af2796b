// A host's kernel moves fewer bytes than it could, down to one.

#include "incarnation.hpp"
#include "piccolo/core/assert.hpp"

namespace piccolo {

void World::shorten_io(HostId host) {
  ++impl_->host(host).short_io;
  impl_->fault_begins(FaultKind::short_io, host);
}

void World::restore_io(HostId host) {
  Host& of = impl_->host(host);
  PICCOLO_ASSERT(of.short_io > 0, "a host's reads and writes were restored that are not short");
  --of.short_io;
  impl_->fault_ends(FaultKind::short_io, host);
}

// The coordinates are the end, the direction and the place in the stream.
std::uint64_t TcpEnd::shortened(std::uint64_t length, std::uint64_t site,
                                std::uint64_t offset) noexcept {
  if (host_->short_io == 0 || length == 0) return length;
  Draws draws(mix(mix(draws_, site), offset));
  const std::uint64_t less = 1 + draws.below(length);
  if (less < length) ++world().faults[FaultKind::short_io].observed;
  return less;
}

}  // namespace piccolo
