// A link gets a drawn, small bandwidth.

#include "rules.hpp"

namespace piccolo {
namespace {

constexpr std::string_view forms[] = {"throttle {host} -> {host} to {rate}B/s for {for}",
                                      "throttle {host} <-> {host} to {rate}B/s for {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  draw_link(fault, scene, draws);
  // From a packet a second or so to what a busy node needs.
  const std::uint64_t most = std::uint64_t{1000} << draws.below(7);
  fault.amount = static_cast<std::int64_t>(draws.between(most / 4, most));
}

std::uint64_t bytes_per_second(const Fault& fault) noexcept {
  return static_cast<std::uint64_t>(fault.amount);
}

void heal(World& world, const Fault& fault) {
  for_each_direction(
      fault, [&](HostId from, HostId to) { world.unthrottle(from, to, bytes_per_second(fault)); });
}

Heal strike(World& world, const Fault& fault) {
  for_each_direction(
      fault, [&](HostId from, HostId to) { world.throttle(from, to, bytes_per_second(fault)); });
  return heal;
}

}  // namespace

const FaultRules throttle_rules{
    .kind = FaultKind::throttle, .forms = forms, .draw = draw, .strike = strike, .hosts_min = 2};

}  // namespace piccolo
