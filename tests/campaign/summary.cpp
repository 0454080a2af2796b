#include "summary.hpp"

#include <fmt/format.h>

namespace piccolo::campaign_test {

std::string summary(const sim::RunTotals& totals) {
  std::string text =
      fmt::format("{} runs, {} events, {} virtual, {:016x}", totals.runs, totals.events,
                  format_duration(totals.virtual_time), totals.fingerprint);
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    text += fmt::format(", {} {}/{}", fault_kind_name(kind), totals.faults[kind].injected,
                        totals.faults[kind].observed);
  }
  for (const auto& count : totals.counters) text += fmt::format(", {} {}", count.name, count.value);
  for (const auto& count : totals.sometimes) {
    text += fmt::format(", sometimes {} {}", count.name, count.value);
  }
  for (const auto& site : totals.sites) {
    text += fmt::format(", site {} {}/{}", site.site, site.passed, site.fired);
  }
  return text;
}

std::string summary(const sim::RunResult& run) {
  std::string text =
      fmt::format("seed {}, {:016x}, {}", run.seed, run.trace_hash, summary(run.totals));
  if (!run.violation) return text;
  return text + fmt::format(", broke {}{} at {}: {}", run.violation->liveness ? "liveness " : "",
                            run.violation->invariant, format_duration(run.violation->at),
                            run.violation->detail);
}

std::string summary(const sim::CampaignResult& result) {
  std::string text = fmt::format("{} planned, {} failed, end {}, {}", result.planned, result.failed,
                                 static_cast<int>(result.end), summary(result.totals));
  for (const auto& group : result.groups) {
    text += fmt::format("\n{}: {} seeds, quickest {}", group.signature, group.seeds,
                        summary(group.quickest));
    for (const auto& run : group.examples) text += "\n  " + summary(run);
  }
  return text;
}

}  // namespace piccolo::campaign_test
