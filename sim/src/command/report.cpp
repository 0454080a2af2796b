// Reports for people.

#include "report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verdict.hpp"

namespace piccolo::sim {
namespace {

constexpr std::size_t groups_told = 20;
constexpr std::size_t examples_told = 3;

std::string indented(std::string_view text, std::string_view with) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines += fmt::format("{}{}\n", with, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string tell_violation(const CampaignHead& head, const RunResult& run) {
  const Violation& violation = *run.violation;
  const std::size_t line = violation.detail.find('\n');
  std::string text = fmt::format("seed {} broke `{}` at {} s{}{}\n", run.seed, violation.invariant,
                                 format_seconds(violation.at), violation.detail.empty() ? "" : ": ",
                                 std::string_view(violation.detail).substr(0, line));
  if (line != std::string::npos) {
    text += indented(std::string_view(violation.detail).substr(line + 1), "    ");
  }
  return text + fmt::format("  replay: {}\n", replay_command(head, run.seed));
}

std::string tell_group(const CampaignHead& head, const FailureGroup& group) {
  std::string text = tell_violation(head, group.examples.front());
  if (group.seeds == 1) return text;
  text += fmt::format("  likewise {} more:", grouped(group.seeds - 1));
  for (std::size_t at = 1; at < std::min(group.examples.size(), examples_told + 1); ++at) {
    text += fmt::format(" {}", group.examples[at].seed);
  }
  if (group.seeds > group.examples.size()) text += " …";
  return text + fmt::format("; the shortest is {} ({} events)\n", group.quickest.seed,
                            grouped(group.quickest.totals.events));
}

std::string tell_groups(const Report& report) {
  std::string text;
  const auto& groups = report.result.groups;
  for (std::size_t at = 0; at < std::min(groups.size(), groups_told); ++at) {
    text += tell_group(report.head, groups[at]);
  }
  if (groups.size() > groups_told) {
    text += fmt::format("and {} more kinds of failures\n", groups.size() - groups_told);
  }
  return text;
}

std::string tell_counts(const RunTotals& totals) {
  std::string text;
  for (const NamedCount& count : totals.counters) {
    text += fmt::format("  {:>15} {}\n", grouped(count.value), count.name);
  }
  const auto seconds = static_cast<std::uint64_t>(totals.virtual_time.count()) / 1'000'000'000;
  return text + fmt::format("  {:>15} events in {} s of virtual time\n", grouped(totals.events),
                            grouped(seconds));
}

std::string tell_faults(const CampaignHead& head, const RunTotals& totals) {
  if (head.faults.empty()) return "  no faults\n";
  std::string text = fmt::format("  {:<14} {:>13} {:>13}\n", "fault", "injected", "observed");
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    if (!head.faults.has(kind)) continue;
    const FaultCount& count = totals.faults[kind];
    std::string_view remark;
    if (count.injected == 0) remark = "  none struck";  // none was drawn, or it found no victim
    if (count.injected > 0 && count.observed == 0) remark = "  never bit";
    text += fmt::format("  {:<14} {:>13} {:>13}{}\n", fault_kind_name(kind),
                        grouped(count.injected), grouped(count.observed), remark);
  }
  return text;
}

std::string tell_probes(const RunTotals& totals) {
  std::string text;
  for (const NamedCount& each : totals.sometimes) {
    text += fmt::format(
        "  sometimes `{}`: {}\n", each.name,
        each.value == 0 ? "never seen" : fmt::format("in {} runs", grouped(each.value)));
  }
  for (const SiteCount& site : totals.sites) {
    text += fmt::format("  buggify `{}`: passed {} times, fired {} times\n", site.site,
                        grouped(site.passed), grouped(site.fired));
  }
  return text;
}

// What proves nothing.
std::string tell_toothless(const CampaignHead& head, const RunTotals& totals) {
  std::string text;
  for (const FaultKind kind : toothless(head, totals)) {
    text += fmt::format("note: {} was enabled and never bit ({} injected)\n", fault_kind_name(kind),
                        grouped(totals.faults[kind].injected));
  }
  for (const std::string& name : never_seen(totals)) {
    text += fmt::format("note: `{}` was never seen in any run\n", name);
  }
  return text;
}

std::string tell_rest(const CampaignHead& head, const RunTotals& totals) {
  return fmt::format("  world: {}\n", head.flags) + tell_counts(totals) +
         tell_faults(head, totals) + tell_probes(totals);
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string replay_command(const CampaignHead& head, std::uint64_t seed) {
  return fmt::format("{} replay {} {}", head.program, seed, head.flags);
}

std::string text_report(const Report& report) {
  const RunTotals& totals = report.result.totals;
  return tell_groups(report) + verdict(report) + tell_rest(report.head, totals) +
         tell_toothless(report.head, totals);
}

std::string text_of_run(const CampaignHead& head, const RunResult& run) {
  std::string text = run.violation ? tell_violation(head, run) : std::string();
  text += fmt::format("seed {} {}\n", run.seed, run.violation ? "BROKE" : "held");
  text += tell_rest(head, run.totals);
  // One seed seldom has all kinds, so there it is no news.
  if (head.strict) text += tell_toothless(head, run.totals);
  return text + fmt::format("trace hash: {:016x}\n", run.trace_hash);
}

}  // namespace piccolo::sim
