#include "core_liveness.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "piccolo/core/suggest.hpp"

namespace piccolo::sim {
namespace {

// In the order of `BrokenHost::Way`.
constexpr std::array<std::string_view, 5> ways{"without power", "cut off", "paused", "unheard",
                                               "deaf"};

std::expected<BrokenHost, std::string> parse_line(std::string_view line,
                                                  const Simulation::Impl& simulation) {
  const std::string_view name = line.substr(0, line.find(' '));
  const std::string_view rest = line.substr(std::min(name.size() + 1, line.size()));
  const World& world = *simulation.the_world;
  const auto is_named = [&](HostId host) { return world.host_name(host) == name; };
  const auto host = std::ranges::find_if(simulation.hosts, is_named);
  if (host == simulation.hosts.end()) {
    std::vector<std::string_view> known;
    known.reserve(simulation.hosts.size());
    for (const HostId each : simulation.hosts) known.emplace_back(world.host_name(each));
    return std::unexpected(
        fmt::format("`{}` is no host that can stay broken; {}", name, suggestion(name, known)));
  }
  const auto way = std::ranges::find(ways, rest);
  if (way == ways.end()) {
    return std::unexpected(fmt::format("`{}` says not how {} stays broken; write `{} {}`", line,
                                       name, name, fmt::join(ways, "`, `")));
  }
  return BrokenHost{*host, static_cast<BrokenHost::Way>(way - ways.begin())};
}

// What is wrong with all of them together; empty for nothing.
std::string complaint_about(const std::vector<BrokenHost>& broken,
                            const Simulation::Impl& simulation) {
  std::set<HostId> hosts;
  for (const BrokenHost& each : broken) hosts.insert(each.host);
  if (simulation.scenario.heal != Heal::core)
    return "hosts stay broken only with `heal = \"core\"`";
  if (hosts.size() < broken.size()) return "a host is named twice; name each once";
  if (!simulation.core_min) return "this world has no core; leave `broken` out";
  if (hosts.size() + *simulation.core_min <= simulation.hosts.size()) return {};
  return fmt::format("a core takes {} hosts, and of {} there would be {} left; name fewer",
                     *simulation.core_min, simulation.hosts.size(),
                     simulation.hosts.size() - hosts.size());
}

}  // namespace

std::string to_line(const BrokenHost& broken, const World& world) {
  return fmt::format("{} {}", world.host_name(broken.host),
                     ways[static_cast<std::size_t>(broken.way)]);
}

std::expected<std::vector<BrokenHost>, std::string> parse_broken(
    const Simulation::Impl& simulation) {
  std::vector<BrokenHost> broken;
  for (const ListedFault& listed : simulation.scenario.broken) {
    const auto host = parse_line(listed.line, simulation);
    if (!host) return std::unexpected(listed.place + ": " + host.error());
    broken.push_back(*host);
  }
  const std::string complaint = complaint_about(broken, simulation);
  if (complaint.empty() || broken.empty()) return broken;
  return std::unexpected(simulation.scenario.broken.front().place + ": " + complaint);
}

// Who asks for certain faults gets no others by way of a core; who asks for a core gets all ways.
std::vector<BrokenHost::Way> CoreLiveness::ways_to_choose() const {
  using enum BrokenHost::Way;
  const FaultSet& faults = sim_.scenario.faults;
  const auto allowed = [&](FaultKind kind) {
    return sim_.scenario.heal == Heal::core || faults.has(kind);
  };
  std::vector<BrokenHost::Way> chosen;
  if (allowed(FaultKind::power_loss)) chosen.push_back(without_power);
  if (allowed(FaultKind::partition)) chosen.push_back(cut_off);
  if (allowed(FaultKind::pause)) chosen.push_back(paused);
  if (allowed(FaultKind::partition)) chosen.insert(chosen.end(), {unheard, deaf});
  return chosen;
}

bool CoreLiveness::wanted() const {
  const bool possible = sim_.core_min && *sim_.core_min < sim_.hosts.size();
  if (!possible || sim_.scenario.heal == Heal::all) return false;
  if (sim_.scenario.heal == Heal::core) return true;
  const bool drawn = !sim_.scenario.listed && !ways_to_choose().empty();
  return drawn && Random(sim_.world().seed()).stream("heal").chance(1, 2);
}

std::vector<BrokenHost> CoreLiveness::draw() const {
  Draws draws = Random(sim_.world().seed()).stream("core");
  const std::size_t size = draws.between(*sim_.core_min, sim_.hosts.size() - 1);
  std::set<HostId> core;
  // Each host is taken with the probability that makes every set of that size equally likely.
  for (std::size_t index = 0; index < sim_.hosts.size(); ++index) {
    const bool taken = draws.chance(size - core.size(), sim_.hosts.size() - index);
    if (taken) core.insert(sim_.hosts[index]);
  }
  const std::vector<BrokenHost::Way> choice = ways_to_choose();
  std::vector<BrokenHost> broken;
  for (const HostId host : sim_.hosts) {
    if (core.contains(host)) continue;
    broken.push_back({host, choice[draws.below(choice.size())]});
  }
  return broken;
}

std::vector<BrokenHost> CoreLiveness::choose() const {
  if (!sim_.broken.empty()) return sim_.broken;
  return wanted() ? draw() : std::vector<BrokenHost>();
}

void CoreLiveness::strike(const std::vector<BrokenHost>& broken) {
  if (broken.empty()) return;
  auto& core = sim_.core.emplace(sim_.hosts.begin(), sim_.hosts.end());
  for (const BrokenHost& each : broken) {
    break_host(each);
    core.erase(each.host);
  }
}

void CoreLiveness::break_host(const BrokenHost& broken) {
  using enum BrokenHost::Way;
  World& world = sim_.world();
  const HostId host = broken.host;
  rest_ += (rest_.empty() ? "" : ", ") + to_line(broken, world);
  if (broken.way == without_power) return world.power_off(host);
  if (broken.way == paused) return pause_all(host);
  const bool speaks = broken.way == deaf;
  const bool hears = broken.way == unheard;
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
