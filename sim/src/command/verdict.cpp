#include "verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "piccolo/sim/usage.hpp"

namespace piccolo::sim {
namespace {

std::string time_and_rate(const CampaignResult& result) {
  const auto milliseconds = static_cast<std::uint64_t>(result.wall_time.count() / 1'000'000) + 1;
  return fmt::format("{}.{} s, {} seeds/s", milliseconds / 1000, milliseconds % 1000 / 100,
                     grouped(result.totals.runs * 1000 / milliseconds));
}

std::string why_not_all(const CampaignResult& result) {
  const std::string of =
      fmt::format("after {} of {} seeds", grouped(result.totals.runs), grouped(result.planned));
  switch (result.end) {
    case CampaignEnd::all_seeds:
      return {};
    case CampaignEnd::failures_max:
      return fmt::format("stopped {}, with {} failures (--keep-going goes on)\n", of,
                         grouped(result.failed));
    case CampaignEnd::time_budget:
      return fmt::format("the time was over {}\n", of);
    case CampaignEnd::interrupted:
      return fmt::format("interrupted {}\n", of);
    case CampaignEnd::hang:
      return fmt::format("a run hung {}; --isolate goes on in such a case\n", of);
  }
  return {};
}

bool is_of_determinism(const FailureGroup& group) {
  return group.quickest.violation->invariant == "deterministic";
}

bool is_of_liveness(const FailureGroup& group) { return group.quickest.violation->liveness; }

}  // namespace

std::string verdict(const Report& report) {
  const CampaignResult& result = report.result;
  std::string text;
  if (report.head.shard.count > 1) {
    text = fmt::format("shard {} of {}: ", report.head.shard.index + 1, report.head.shard.count);
  }
  if (result.failed == 0) {
    text +=
        fmt::format("all {} seeds held ({})\n", grouped(result.totals.runs), time_and_rate(result));
  } else {
    text += fmt::format("{} of {} seeds BROKE ({})\n", grouped(result.failed),
                        grouped(result.totals.runs), time_and_rate(result));
  }
  return text + why_not_all(result);
}

std::vector<FaultKind> toothless(const CampaignHead& head, const RunTotals& totals) {
  std::vector<FaultKind> kinds;
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    if (head.faults.has(kind) && totals.faults[kind].observed == 0) kinds.push_back(kind);
  }
  return kinds;
}

std::vector<std::string> never_seen(const RunTotals& totals) {
  std::vector<std::string> names;
  for (const NamedCount& each : totals.sometimes) {
    if (each.value == 0) names.push_back(each.name);
  }
  return names;
}

int exit_code_of(const Report& report) {
  const CampaignResult& result = report.result;
  if (result.failed > 0) {
    // What must not happen and did goes before all else.
    if (std::ranges::all_of(result.groups, is_of_liveness)) return exit_liveness;
    const bool only_soft = std::ranges::all_of(result.groups, [](const FailureGroup& group) {
      return is_of_liveness(group) || is_of_determinism(group);
    });
    return only_soft ? exit_not_deterministic : exit_broke;
  }
  if (result.end == CampaignEnd::interrupted) return exit_interrupted;
  const bool blunt = !toothless(report.head, result.totals).empty();
  return report.head.strict && (blunt || !never_seen(result.totals).empty()) ? exit_toothless
                                                                             : exit_held;
}

int exit_code_of_run(const CampaignHead& head, const RunResult& run) {
  Report report;
  report.head = head;
  report.result.add(run);
  return exit_code_of(report);
}

}  // namespace piccolo::sim
