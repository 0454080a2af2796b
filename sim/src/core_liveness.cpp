#include "core_liveness.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace piccolo::sim {

bool CoreLiveness::wanted() const {
  const bool possible = sim_.core_min && *sim_.core_min < sim_.hosts.size();
  if (!possible || sim_.scenario.heal == Heal::all) return false;
  if (sim_.scenario.heal == Heal::core) return true;
  // Who asks for no faults, or for certain ones, gets no others.
  const bool drawn = !sim_.scenario.listed && !sim_.scenario.faults.empty();
  return drawn && Random(sim_.world().seed()).stream("heal").chance(1, 2);
}

void CoreLiveness::draw() {
  if (!wanted()) return;
  Draws draws = Random(sim_.world().seed()).stream("core");
  const std::size_t size = draws.between(*sim_.core_min, sim_.hosts.size() - 1);
  std::set<HostId> core;
  // Each host is taken with the probability that makes every set of that size equally likely.
  for (std::size_t index = 0; index < sim_.hosts.size(); ++index) {
    const bool taken = draws.chance(size - core.size(), sim_.hosts.size() - index);
    if (taken) core.insert(sim_.hosts[index]);
  }
  for (const HostId host : sim_.hosts) {
    if (!core.contains(host)) break_host(host, draws);
  }
  sim_.core = std::move(core);
}

void CoreLiveness::break_host(HostId host, Draws& draws) {
  World& world = sim_.world();
  enum Way : std::uint8_t { without_power, cut_off, paused, unheard, deaf };
  constexpr std::string_view ways[] = {"without power", "cut off", "paused", "unheard", "deaf"};
  const std::uint64_t way = draws.below(std::size(ways));
  rest_ += fmt::format("{}{} {}", rest_.empty() ? "" : ", ", world.host_name(host), ways[way]);
  if (way == without_power) return world.power_off(host);
  if (way == paused) return pause_all(host);
  const bool speaks = way == deaf;
  const bool hears = way == unheard;
  for (HostId other = 0; other < world.host_count(); ++other) {
    if (other == host) continue;
    if (!speaks) cut(host, other);
    if (!hears) cut(other, host);
  }
}

void CoreLiveness::cut(HostId from, HostId to) {
  World& world = sim_.world();
  world.cut(from, to);
  mends_.emplace_back([&world, from, to] { world.mend(from, to); });
}

void CoreLiveness::pause_all(HostId host) {
  World& world = sim_.world();
  for (const ProcessId process : sim_.processes) {
    if (world.process_host(process) != host || !world.running(process)) continue;
    world.pause(process);
    mends_.emplace_back([&world, process] { world.resume(process); });
  }
}

void CoreLiveness::mend() {
  for (const auto& mend : mends_) mend();
  mends_.clear();
}

std::string CoreLiveness::story() const {
  std::vector<std::string_view> names;
  for (const HostId host : *sim_.core) names.emplace_back(sim_.world().host_name(host));
  return fmt::format("healed the core of {}; {}: what must happen eventually is due now",
                     fmt::join(names, ", "), rest_);
}

}  // namespace piccolo::sim
