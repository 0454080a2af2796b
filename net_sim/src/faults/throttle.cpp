// A link gets little bandwidth.

#include "incarnation.hpp"
#include "piccolo/core/assert.hpp"

namespace piccolo {

void World::throttle(HostId from, HostId to, std::uint64_t bytes_per_second) {
  PICCOLO_ASSERT(bytes_per_second > 0, "a link was throttled to nothing: cut it instead");
  impl_->fault_begins(FaultKind::throttle, link_id(from, to),
                      static_cast<std::int64_t>(bytes_per_second));
  impl_->link(from, to).throttle(bytes_per_second);
}

void World::unthrottle(HostId from, HostId to, std::uint64_t bytes_per_second) {
  impl_->fault_ends(FaultKind::throttle, link_id(from, to),
                    static_cast<std::int64_t>(bytes_per_second));
  impl_->link(from, to).unthrottle(bytes_per_second);
}

}  // namespace piccolo
