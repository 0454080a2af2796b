#pragma once

// How much of a run's story is told, and of whom.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "piccolo/sim/narration.hpp"
#include "world_flags.hpp"

namespace piccolo::sim {

struct StoryFlags {
  std::string log_level = "debug";
  std::string detail = "streams";
  std::string around;
  std::string until;
  std::vector<std::string> hosts;
  bool step = false;
  std::optional<std::uint64_t> break_at;  // an event
};

void add_log_level_flag(CLI::App& command, StoryFlags& flags);
void add_story_flags(CLI::App& command, StoryFlags& flags);

// For standard output as it is. Throws UsageError for what makes no sense; names of hosts are
// looked for in the world.
NarrationOptions narration_options(const StoryFlags& flags, const ChosenWorld& chosen,
                                   std::uint64_t seed);

}  // namespace piccolo::sim
