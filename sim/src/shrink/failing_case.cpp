#include "shrink/failing_case.hpp"

#include <algorithm>
#include <exception>
#include <set>

#include "core_liveness.hpp"
#include "faults/rules.hpp"
#include "simulation_impl.hpp"

namespace piccolo::sim {
namespace {

using Index = std::optional<std::uint32_t>;

bool strikes_processes(const Fault& fault) noexcept {
  return form_of(fault).find("{process}") != std::string_view::npos;
}

bool strikes_a_list(const Fault& fault) noexcept {
  return form_of(fault).find("{hosts}") != std::string_view::npos;
}

Index index_of(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - names.begin());
}

Index first_process_on(const FaultScene& scene, HostId host) {
  const auto found = std::ranges::find(scene.host_of, host);
  if (found == scene.host_of.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - scene.host_of.begin());
}

// From the numbers of one scene to those of another.
class Move {
 public:
  Move(const FailingCase& from, const FaultScene& to, bool renamed) : from_(from), to_(to) {
    for (std::uint32_t host = 0; host < from.scene.hosts.size(); ++host) {
      hosts_.push_back(same_host(host));
    }
    for (const std::string& process : from.scene.processes) {
      processes_.push_back(index_of(to.processes, process));
    }
    if (renamed) rename();
  }

  std::optional<Fault> operator()(Fault fault) const {
    const auto& map = strikes_processes(fault) ? processes_ : hosts_;
    std::vector<std::uint32_t> subjects;
    for (const std::uint32_t subject : fault.subjects) {
      if (map[subject]) {
        subjects.push_back(*map[subject]);
      } else if (!strikes_a_list(fault)) {
        return std::nullopt;
      }
    }
    if (strikes_a_list(fault) && subjects.empty()) return std::nullopt;
    fault.subjects = std::move(subjects);
    if (!complaint_about(fault, to_).empty()) return std::nullopt;
    return fault;
  }

  bool has_moved(HostId host) const { return hosts_[host].has_value(); }
  const std::string& name(HostId host) const { return to_.hosts[*hosts_[host]]; }

 private:
  // Of the same name, or else where a process of the same name is.
  Index same_host(HostId host) const {
    if (const Index same = index_of(to_.hosts, from_.scene.hosts[host])) return same;
    const Index process = first_process_on(from_.scene, host);
    if (!process) return std::nullopt;
    const Index there = index_of(to_.processes, from_.scene.processes[*process]);
    return there ? Index(to_.host_of[*there]) : std::nullopt;
  }

  std::set<HostId> struck() const {
    std::set<HostId> hosts;
    for (const Fault& fault : from_.plan) {
      for (const std::uint32_t subject : fault.subjects) {
        hosts.insert(strikes_processes(fault) ? from_.scene.host_of[subject] : subject);
      }
    }
    return hosts;
  }

  void rename() {
    const std::set<HostId> struck_hosts = struck();
    std::set<std::uint32_t> taken;
    for (const HostId host : struck_hosts) {
      if (hosts_[host]) taken.insert(*hosts_[host]);
    }
    std::uint32_t free = 0;
    for (const HostId host : struck_hosts) {
      if (hosts_[host]) continue;
      while (taken.contains(free)) ++free;
      if (free >= to_.hosts.size()) return;
      taken.insert(free);
      hosts_[host] = free;
      move_processes(host, free);
    }
  }

  void move_processes(HostId host, std::uint32_t to) {
    for (std::size_t process = 0; process < processes_.size(); ++process) {
      if (from_.scene.host_of[process] == host) processes_[process] = first_process_on(to_, to);
    }
  }

  const FailingCase& from_;
  const FaultScene& to_;
  std::vector<Index> hosts_;  // by their old numbers
  std::vector<Index> processes_;
};

void move_broken(Scenario& scenario, const FailingCase& from, const Move& move) {
  std::vector<ListedFault> moved;
  for (const ListedFault& each : scenario.broken) {
    const std::size_t end = each.line.find(' ');
    const Index host = index_of(from.scene.hosts, std::string_view(each.line).substr(0, end));
    if (!host || !move.has_moved(*host)) continue;
    moved.push_back({each.place, move.name(*host) + each.line.substr(end)});
  }
  scenario.broken = std::move(moved);
  if (scenario.broken.empty()) scenario.heal = Heal::all;
}

}  // namespace

Scenario FailingCase::whole() const {
  Scenario result = scenario;
  auto& listed = result.listed.emplace();
  listed.reserve(plan.size());
  for (const Fault& fault : plan) listed.push_back({"shrunk", to_line(fault, scene)});
  return result;
}

ShrinkSize FailingCase::size() const {
  return {plan.size(), scene.hosts.size(), scenario.duration, 0};
}

FailingCase case_of(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed) {
  Simulation::Impl simulation(world, scenario, seed, nullptr);
  if (const auto complaint = simulation.build()) throw std::invalid_argument(*complaint);
  FailingCase made{scenario, simulation.scene(), simulation.plan(simulation.seed)};
  made.scenario.layout_drawn = !simulation.face.hosts_are_named();
  made.scenario.listed.emplace();
  made.scenario.heal = Heal::all;
  made.scenario.broken.clear();
  for (const BrokenHost& broken : CoreLiveness(simulation).choose()) {
    made.scenario.heal = Heal::core;
    made.scenario.broken.push_back({"shrunk", to_line(broken, simulation.world())});
  }
  made.scenario.link = simulation.options.link;
  made.scenario.order = simulation.options.ready_order;
  return made;
}

Scenario spelled_out(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed) {
  return case_of(world, scenario, seed).whole();
}

std::optional<FailingCase> moved_to(const WorldDescription& world, Scenario scenario,
                                    std::uint64_t seed, const FailingCase& from, bool renamed) {
  Scenario bare = scenario;
  bare.listed.emplace();
  bare.broken.clear();
  FaultScene scene;
  try {
    Simulation::Impl simulation(world, bare, seed, nullptr);
    if (simulation.build()) return std::nullopt;
    scene = simulation.scene();
  } catch (const std::exception&) {
    return std::nullopt;
  }
  const Move move(from, scene, renamed);
  move_broken(scenario, from, move);
  FaultPlan plan;
  for (const Fault& fault : from.plan) {
    if (auto moved = move(fault)) plan.push_back(std::move(*moved));
  }
  return FailingCase{std::move(scenario), std::move(scene), std::move(plan)};
}

}  // namespace piccolo::sim
