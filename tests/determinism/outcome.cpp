#include "outcome.hpp"

#include <fmt/format.h>

namespace piccolo::determinism {

std::string outcome(const RunCounts& counts) {
  std::string text = fmt::format(
      "{} events in {}, {} connects, {} connected, {} refused, {} timed out, {} round trips, {} "
      "bytes, {} streams failed, {} starts",
      counts.events, format_duration(counts.virtual_time), counts.connects, counts.connected,
      counts.refused, counts.timed_out, counts.round_trips, counts.bytes_echoed,
      counts.streams_failed, counts.starts);
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    text += fmt::format(", {} {}/{}", fault_kind_name(kind), counts.faults[kind].injected,
                        counts.faults[kind].observed);
  }
  return text;
}

std::string outcome(const RunResult& run) {
  std::string text =
      fmt::format("seed {}: {:016x}, {}", run.seed, run.trace_hash, outcome(run.counts));
  if (!run.violation) return text;
  return text + fmt::format(", broke {}{} at {}: {}", run.violation->liveness ? "liveness " : "",
                            run.violation->invariant, format_duration(run.violation->at),
                            run.violation->detail);
}

std::vector<std::string> outcomes(const ClusterOptions& options, std::uint64_t first,
                                  std::uint64_t count) {
  std::vector<std::string> texts;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    texts.push_back(outcome(run_cluster(options, seed, nullptr)));
  }
  return texts;
}

}  // namespace piccolo::determinism
