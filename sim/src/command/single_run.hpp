#pragma once

// One run, told.

#include "report.hpp"
#include "report_flags.hpp"
#include "world_flags.hpp"

namespace piccolo::sim {

struct SingleRunFlags : WorldFlags, ReportFlags {
  std::string log_level = "debug";
  bool json = false;
};

void add_story_flags(CLI::App& command, SingleRunFlags& flags);
// Throws UsageError when there is no such level.
LogLevel story_level(const SingleRunFlags& flags);

CampaignHead head_of(const std::string& called, const ChosenWorld& chosen, const SeedRange& seeds,
                     bool strict);

// Prints the story, unless JSON was asked for, and the report. Returns the exit code.
int run_single(const std::string& called, const SingleRunFlags& flags,
               std::span<const WorldDescription> worlds, std::uint64_t seed, bool strict);

}  // namespace piccolo::sim
