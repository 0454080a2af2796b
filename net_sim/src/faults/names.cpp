// What a name server says of a host: nothing, nothing yet, or something else. Literal addresses
// need none, and `localhost` is not its business.

#include "incarnation.hpp"
#include "piccolo/core/assert.hpp"

namespace piccolo {

namespace {

void trouble(World::Impl& world, HostId host, const NameTrouble& with) {
  world.fault_begins(FaultKind::names, host, static_cast<std::int64_t>(with.what));
  world.host(host).name_trouble = with;
}

}  // namespace

void World::hide_name(HostId host) { trouble(*impl_, host, {NameTrouble::What::unknown}); }

void World::silence_name(HostId host) { trouble(*impl_, host, {NameTrouble::What::unanswered}); }

void World::slow_name(HostId host, Duration by) {
  PICCOLO_ASSERT(by.count() >= 0, "a name was to be answered before it was asked for");
  trouble(*impl_, host, {NameTrouble::What::late, by});
}

void World::move_name(HostId host, HostId to) {
  PICCOLO_ASSERT(to < host_count(), "a name was moved to a host that does not exist");
  PICCOLO_ASSERT(to != host, "a name was moved to where it leads already");
  trouble(*impl_, host, {NameTrouble::What::moved, Duration(0), to});
}

void World::restore_name(HostId host) {
  impl_->host(host).name_trouble = NameTrouble();
  impl_->fault_ends(FaultKind::names, host);
}

Result<std::vector<Endpoint>> World::Impl::look_up(const Host& host, std::uint16_t port,
                                                   Duration& latency) {
  const NameTrouble& trouble = host.name_trouble;
  if (trouble.what != NameTrouble::What::none) ++faults[FaultKind::names].observed;
  if (trouble.what == NameTrouble::What::unknown) return piccolo::failure(Errc::host_not_found);
  if (trouble.what == NameTrouble::What::unanswered) return piccolo::failure(Errc::resolve_again);
  if (trouble.what == NameTrouble::What::late) {
    latency = saturating_add(TimePoint(latency), trouble.late).time_since_epoch();
  }
  const Host& meant = trouble.what == NameTrouble::What::moved ? hosts[trouble.moved_to] : host;
  return std::vector<Endpoint>{Endpoint(meant.v4, port), Endpoint(meant.v6, port)};
}

}  // namespace piccolo
