#include "rules.hpp"

#include <algorithm>
#include <array>

namespace piccolo {

const FaultRules& rules_of(FaultKind kind) noexcept {
  static constexpr std::array<const FaultRules*, fault_kinds> all{
      &refuse_rules,         &delay_rules,      &hup_rules,         &partition_rules,
      &crash_rules,          &power_loss_rules, &loss_rules,        &duplicate_rules,
      &reorder_rules,        &hold_rules,       &throttle_rules,    &swizzle_rules,
      &pause_rules,          &clock_step_rules, &clock_drift_rules, &port_taken_rules,
      &no_descriptors_rules, &short_io_rules,   &names_rules};
  return *all[static_cast<std::size_t>(kind)];
}

std::vector<std::uint32_t> draw_hosts(const FaultScene& scene, std::size_t most, Draws& draws) {
  std::vector<std::uint32_t> hosts;
  const std::uint64_t count = draws.between(1, most);
  // Each host is taken with the probability that makes every set of that size equally likely.
  for (std::uint32_t host = 0; hosts.size() < count; ++host) {
    if (draws.chance(count - hosts.size(), scene.hosts.size() - host)) hosts.push_back(host);
  }
  return hosts;
}

void draw_two_hosts(Fault& fault, const FaultScene& scene, Draws& draws) {
  const std::uint32_t one = draw_host(scene, draws);
  const std::uint64_t apart = 1 + draws.below(scene.hosts.size() - 1);
  fault.subjects = {one, static_cast<std::uint32_t>((one + apart) % scene.hosts.size())};
}

void draw_link(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.form = static_cast<std::uint8_t>(draws.below(2));
  draw_two_hosts(fault, scene, draws);
}

}  // namespace piccolo
