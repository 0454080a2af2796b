#pragma once

// --report: what was found, as a page to look at.

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "piccolo/sim/report_page.hpp"
#include "report.hpp"
#include "world_flags.hpp"

namespace piccolo::sim {

struct ReportFlags {
  std::optional<std::string> report;  // a file
};

void add_report_flag(CLI::App& command, ReportFlags& flags);

// To know before anything is run whether the page can be written. Throws UsageError.
void check_report(const ReportFlags& flags);

// Both do nothing unless a report was asked for. The first runs the seed once more.
void write_run_page(const ReportFlags& flags, const CampaignHead& head, const ChosenWorld& chosen,
                    std::uint64_t seed, LogLevel level);

// Keeps the seeds that failed, as `CampaignOptions::failed` is told of them.
class FoundFailures {
 public:
  explicit FoundFailures(const CampaignHead& head) : seeds_(head.seeds), shard_(head.shard) {}
  void add(const RunResult& run);
  void write_page(const ReportFlags& flags, const Report& report) const;

 private:
  SeedRange seeds_;
  Shard shard_;
  std::vector<FoundFailure> found_;
  std::vector<std::string> signatures_;
};

}  // namespace piccolo::sim
