// What makes no sense: of one fault by itself, and of two at a time.

#include <fmt/format.h>

#include <algorithm>

#include "faults/rules.hpp"
#include "piccolo/sim/fault_plan.hpp"

namespace piccolo {
namespace {

bool has(const Fault& fault, std::string_view placeholder) noexcept {
  return form_of(fault).find(placeholder) != std::string_view::npos;
}

bool lasts(const Fault& fault) noexcept { return has(fault, "{for}"); }

std::string complaint_about_time(const Fault& fault, const FaultScene& scene) {
  const std::string duration = format_duration(scene.duration);
  if (fault.at.count() < 0 || fault.lasting.count() < 0) {
    return "a fault has a negative time; give 0s or more";
  }
  if (fault.at >= scene.duration) {
    return fmt::format(
        "it begins at {}, when the faults of this run are over; give a time before {}",
        format_duration(fault.at), duration);
  }
  if (!lasts(fault)) return {};
  if (fault.lasting.count() == 0)
    return "a fault that lasts 0s does nothing; give a time such as 3s";
  if (fault.lasting > scene.duration - fault.at) {
    return fmt::format(
        "it would last beyond the run's {}; it may last {} from {} on, or let the run last longer",
        duration, format_duration(scene.duration - fault.at), format_duration(fault.at));
  }
  return {};
}

// Beyond that a run would wait for answers and packets longer than anybody waits for the run.
constexpr Duration by_max = std::chrono::hours(1);

std::string complaint_about_amount(const Fault& fault) {
  if (!has(fault, "{by}")) return {};
  if (fault.by.count() <= 0) return "a time of 0s changes nothing; give a time such as 150ms";
  if (fault.by <= by_max) return {};
  return fmt::format("{} is beyond {}; give a time such as 150ms", format_duration(fault.by),
                     format_duration(by_max));
}

std::string complaint_about_subjects(const Fault& fault, const FaultScene& scene) {
  const FaultRules& rules = rules_of(fault.kind);
  if (scene.hosts.size() < rules.hosts_min) {
    return fmt::format("it takes {} hosts, and there is {}; add nodes", rules.hosts_min,
                       scene.hosts.size());
  }
  if (fault.kind == FaultKind::hup) return {};  // streams exist within a host as well
  std::vector<std::uint32_t> subjects = fault.subjects;
  std::sort(subjects.begin(), subjects.end());
  const auto twice = std::adjacent_find(subjects.begin(), subjects.end());
  if (twice == subjects.end()) return {};
  return fmt::format("it names {} twice; name different hosts", scene.hosts[*twice]);
}

}  // namespace

FaultScene FaultScene::of(const World& world, Duration duration) {
  FaultScene scene;
  for (HostId host = 0; host < world.host_count(); ++host) {
    scene.hosts.push_back(world.host_name(host));
  }
  for (ProcessId process = 0; process < world.process_count(); ++process) {
    scene.processes.push_back(world.process_name(process));
    scene.host_of.push_back(world.process_host(process));
  }
  scene.duration = duration;
  return scene;
}

std::string complaint_about(const Fault& fault, const FaultScene& scene) {
  std::string complaint = complaint_about_subjects(fault, scene);
  const auto complain = rules_of(fault.kind).complain;
  if (complaint.empty() && complain != nullptr) complaint = complain(fault, scene);
  if (complaint.empty()) complaint = complaint_about_amount(fault);
  if (complaint.empty()) complaint = complaint_about_time(fault, scene);
  return complaint;
}

bool contradict(const Fault& earlier, const Fault& later, const FaultScene& scene) {
  const FaultRules& rules = rules_of(later.kind);
  if (earlier.kind != later.kind || rules.claims == nullptr) return false;
  const bool apart =
      earlier.at + earlier.lasting <= later.at || later.at + later.lasting <= earlier.at;
  return !apart && rules.claims(earlier, scene) == rules.claims(later, scene);
}

std::string contradiction(const Fault& earlier, const Fault& later, const FaultScene& scene) {
  if (!contradict(earlier, later, scene)) return {};
  return fmt::format("`{}` is in place from {} to {} already", describe(earlier, scene),
                     format_duration(earlier.at), format_duration(earlier.at + earlier.lasting));
}

}  // namespace piccolo
