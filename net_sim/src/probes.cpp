// Probes under simulation: two levels, as FoundationDB has them. A site is on for a whole run or
// not at all, and only where it is on does it fire, now and then.

#include "incarnation.hpp"
#include "world_impl.hpp"

namespace piccolo {

bool SimProbes::fires(std::string_view site, std::uint32_t ppm) noexcept {
  if (world_.options.buggify_ppm == 0) return false;
  auto passed = passed_.find(site);
  if (passed == passed_.end()) passed = passed_.emplace(site, 0).first;
  auto count = world_.probe_counts.find(site);
  if (count == world_.probe_counts.end()) {
    count = world_.probe_counts.emplace(site, ProbeCount{}).first;
  }
  ++count->second.passed;
  const std::uint64_t name = site_hash(site);
  Draws site_draws = world_.sites.stream("buggify site", name);
  if (!site_draws.chance(world_.options.buggify_ppm, ppm_always)) return false;
  Draws draws(mix(mix(draws_, name), ++passed->second));
  if (!draws.chance(ppm, ppm_always)) return false;
  ++count->second.fired;
  world_.record(EventKind::buggified, process_, name);
  world_.observe([&](Observer& observer) { observer.buggified(process_, site); });
  return true;
}

void SimProbes::reached(std::string_view name) noexcept {
  world_.observe([&](Observer& observer) { observer.reached(process_, name); });
}

}  // namespace piccolo
