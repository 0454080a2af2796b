#include "report_flags.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "piccolo/sim/usage.hpp"
#include "whole_file.hpp"

namespace piccolo::sim {

void add_report_flag(CLI::App& command, ReportFlags& flags) {
  command
      .add_option("--report", flags.report,
                  "Writes an HTML page to look at: of one run every packet, fault and log line, of "
                  "a campaign what failed and what was exercised")
      ->type_name("FILE")
      ->default_str("none");
}

void check_report(const ReportFlags& flags) {
  if (!flags.report) return;
  if (!page_lacks().empty()) throw UsageError(fmt::format("--report: {}", page_lacks()));
  check_writable("--report", *flags.report);
}

void write_run_page(const ReportFlags& flags, const CampaignHead& head, const ChosenWorld& chosen,
                    std::uint64_t seed, LogLevel level) {
  if (!flags.report) return;
  const Recording recording = record_world(*chosen.world, chosen.scenario, seed, level);
  write_whole_file("--report", *flags.report, run_page(recording, replay_command(head, seed)));
}

void FoundFailures::add(const RunResult& run) {
  const std::string name = signature(*run.violation);
  const auto known = std::ranges::find(signatures_, name);
  const auto group = static_cast<std::uint64_t>(known - signatures_.begin());
  if (known == signatures_.end()) signatures_.push_back(name);
  // How many seeds of the shard there are up to this one.
  const std::uint64_t position = shard_.size({seeds_.first, run.seed});
  found_.push_back({.position = position, .seed = run.seed, .signature = group});
}

void FoundFailures::write_page(const ReportFlags& flags, const Report& report) const {
  if (!flags.report) return;
  write_whole_file("--report", *flags.report,
                   campaign_page(json_report(report), found_, signatures_));
}

}  // namespace piccolo::sim
