#include "report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace piccolo::cli {
namespace {

constexpr std::size_t violations_told = 10;
constexpr int exit_toothless = 6;

std::string replay_command(const Report& report, std::uint64_t seed) {
  return fmt::format("{} replay {} {}", report.program, seed, world_flags(report.world));
}

// 1234567 -> "1,234,567"
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string tell_violations(const Report& report) {
  std::string text;
  const auto& violations = report.result.violations;
  for (std::size_t index = 0; index < std::min(violations.size(), violations_told); ++index) {
    const RunResult& run = violations[index];
    text += fmt::format("seed {} broke `{}` at {} s: {}\n  replay: {}\n", run.seed,
                        run.violation->invariant, format_seconds(run.violation->at),
                        run.violation->detail, replay_command(report, run.seed));
  }
  if (report.result.violated > violations_told) {
    text += fmt::format("and {} more seeds\n", report.result.violated - violations_told);
  }
  return text;
}

std::string tell_counts(const RunCounts& counts) {
  const std::uint64_t settled = counts.connected + counts.refused + counts.timed_out;
  std::string text;
  text += fmt::format("  {:>13} processes started, restarts included\n", grouped(counts.starts));
  text += fmt::format("  {:>13} connects: {} established, {} refused, {} given up\n",
                      grouped(counts.connects), grouped(counts.connected), grouped(counts.refused),
                      grouped(counts.connects - settled + counts.timed_out));
  text += fmt::format("  {:>13} messages echoed, {} bytes\n", grouped(counts.round_trips),
                      grouped(counts.bytes_echoed));
  text += fmt::format("  {:>13} stream operations failed under a node\n",
                      grouped(counts.streams_failed));
  text +=
      fmt::format("  {:>13} events in {} s of virtual time\n", grouped(counts.events),
                  grouped(static_cast<std::uint64_t>(counts.virtual_time.count()) / 1'000'000'000));
  return text;
}

std::string tell_faults(const Report& report) {
  const FaultSet enabled = enabled_faults(report.world);
  if (enabled.empty()) return "  no faults\n";
  std::string text = fmt::format("  {:<14} {:>13} {:>13}\n", "fault", "injected", "observed");
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    if (!enabled.has(kind)) continue;
    const FaultCount& count = report.result.counts.faults[kind];
    std::string_view remark;
    if (count.injected == 0) remark = "  none struck";  // none was drawn, or it found no victim
    if (count.injected > 0 && count.observed == 0) remark = "  never bit";
    text += fmt::format("  {:<14} {:>13} {:>13}{}\n", fault_kind_name(kind),
                        grouped(count.injected), grouped(count.observed), remark);
  }
  return text;
}

// A kind that bites nobody proves nothing. One seed seldom has all kinds, so there it is no news.
std::string tell_toothless(const Report& report) {
  std::string text;
  if (report.single && !report.strict) return text;
  for (const FaultKind kind : toothless(report)) {
    text += fmt::format("note: {} was enabled and never bit ({} injected)\n", fault_kind_name(kind),
                        grouped(report.result.counts.faults[kind].injected));
  }
  return text;
}

std::string verdict(const Report& report) {
  const SweepResult& result = report.result;
  const std::uint64_t held = result.seeds - result.violated;
  if (report.single) {
    return fmt::format("seed {} {}\n", report.seeds.first, held == 1 ? "held" : "BROKE");
  }
  const auto milliseconds = static_cast<std::uint64_t>(result.wall_time.count() / 1'000'000) + 1;
  const std::string time =
      fmt::format("{}.{} s, {} seeds/s", milliseconds / 1000, milliseconds % 1000 / 100,
                  result.seeds * 1000 / milliseconds);
  if (result.violated == 0) {
    return fmt::format("all {} seeds held ({})\n", grouped(result.seeds), time);
  }
  return fmt::format("{} of {} seeds BROKE ({})\n", grouped(result.violated), grouped(result.seeds),
                     time);
}

}  // namespace

std::string text_report(const Report& report) {
  std::string text = tell_violations(report);
  text += verdict(report);
  text += fmt::format("  world: {}\n", world_flags(report.world));
  text += tell_counts(report.result.counts);
  text += tell_faults(report);
  text += tell_toothless(report);
  if (report.single) text += fmt::format("trace hash: {:016x}\n", report.trace_hash);
  return text;
}

std::string json_report(const Report& report) {
  using nlohmann::json;
  const SweepResult& result = report.result;
  json violations = json::array();
  for (const RunResult& run : result.violations) {
    violations.push_back({{"seed", run.seed},
                          {"invariant", run.violation->invariant},
                          {"detail", run.violation->detail},
                          {"liveness", run.violation->liveness},
                          {"virtual_time_ns", run.violation->at.count()},
                          {"trace_hash", fmt::format("{:016x}", run.trace_hash)},
                          {"replay", replay_command(report, run.seed)}});
  }
  const FaultSet enabled = enabled_faults(report.world);
  json never_bit = json::array();
  for (const FaultKind kind : toothless(report)) never_bit.push_back(fault_kind_name(kind));
  json faults = json::object();
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    const FaultCount& count = result.counts.faults[kind];
    faults[std::string(fault_kind_name(kind))] = {
        {"enabled", enabled.has(kind)}, {"injected", count.injected}, {"observed", count.observed}};
  }
  json object = {{"seeds", result.seeds},
                 {"first_seed", report.seeds.first},
                 {"last_seed", report.seeds.last},
                 {"nodes", report.world.nodes},
                 {"duration_ns", report.world.duration.count()},
                 {"violated", result.violated},
                 {"violations", violations},
                 {"events", result.counts.events},
                 {"virtual_ns", result.counts.virtual_time.count()},
                 {"wall_ns", result.wall_time.count()},
                 {"connects", result.counts.connects},
                 {"connected", result.counts.connected},
                 {"refused", result.counts.refused},
                 {"round_trips", result.counts.round_trips},
                 {"bytes_echoed", result.counts.bytes_echoed},
                 {"faults", faults},
                 {"never_bit", never_bit}};
  if (report.single) object["trace_hash"] = fmt::format("{:016x}", report.trace_hash);
  return object.dump(2) + "\n";
}

std::vector<FaultKind> toothless(const Report& report) {
  const FaultSet enabled = enabled_faults(report.world);
  std::vector<FaultKind> kinds;
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    if (enabled.has(kind) && report.result.counts.faults[kind].observed == 0) kinds.push_back(kind);
  }
  return kinds;
}

int exit_code_of(const Report& report) {
  const SweepResult& result = report.result;
  if (result.violated == 0) return report.strict && !toothless(report).empty() ? exit_toothless : 0;
  const bool only_liveness =
      std::all_of(result.violations.begin(), result.violations.end(),
                  [](const RunResult& run) { return run.violation->liveness; });
  return only_liveness ? 3 : 1;
}

}  // namespace piccolo::cli
