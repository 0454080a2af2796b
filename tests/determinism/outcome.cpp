#include "outcome.hpp"

#include <fmt/format.h>

namespace piccolo::determinism {

std::string outcome(const sim::RunTotals& totals) {
  std::string text =
      fmt::format("{} runs, {} events in {}, fingerprint {:016x}", totals.runs, totals.events,
                  format_duration(totals.virtual_time), totals.fingerprint);
  for (const auto& counter : totals.counters) {
    text += fmt::format(", {} {}", counter.value, counter.name);
  }
  for (const auto& each : totals.sometimes) text += fmt::format(", {} {}", each.name, each.value);
  for (const auto& site : totals.sites) {
    text += fmt::format(", {} {}/{}", site.site, site.fired, site.passed);
  }
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    text += fmt::format(", {} {}/{}", fault_kind_name(kind), totals.faults[kind].injected,
                        totals.faults[kind].observed);
  }
  return text;
}

std::string outcome(const sim::RunResult& run) {
  std::string text =
      fmt::format("seed {}: {:016x}, {}", run.seed, run.trace_hash, outcome(run.totals));
  if (!run.violation) return text;
  return text + fmt::format(", broke {}{} at {}: {}", run.violation->liveness ? "liveness " : "",
                            run.violation->invariant, format_duration(run.violation->at),
                            run.violation->detail);
}

std::vector<std::string> outcomes(const test::Cluster& cluster, std::uint64_t first,
                                  std::uint64_t count) {
  std::vector<std::string> texts;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    texts.push_back(outcome(cluster.run(seed)));
  }
  return texts;
}

}  // namespace piccolo::determinism
