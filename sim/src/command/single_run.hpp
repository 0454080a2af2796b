#pragma once

// One run, told.

#include "report.hpp"
#include "report_flags.hpp"
#include "story_flags.hpp"
#include "world_flags.hpp"

namespace piccolo::sim {

struct SingleRunFlags : WorldFlags, ReportFlags {
  StoryFlags story;
  bool json = false;
  bool quiet = false;  // standard output is for something else
};

void add_output_flags(CLI::App& command, SingleRunFlags& flags);

CampaignHead head_of(const std::string& called, const ChosenWorld& chosen, const SeedRange& seeds,
                     bool strict);

// Prints the story, unless JSON was asked for, and the report; nothing when it is to be quiet.
// Returns the exit code.
int run_single(const std::string& called, const SingleRunFlags& flags,
               std::span<const WorldDescription> worlds, std::uint64_t seed, bool strict);

}  // namespace piccolo::sim
