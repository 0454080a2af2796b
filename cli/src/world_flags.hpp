#pragma once

// The options that choose a simulated world, the same for `sim` and `replay`.

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/sweep.hpp"

namespace piccolo::cli {

// As typed; checked by the functions below.
struct WorldFlags {
  std::string nodes = "5";
  std::string duration = "30s";
  std::string faults = "all";
  std::vector<std::string> fault_lines;   // one for each --fault
  std::optional<std::string> fault_list;  // a file's name
  std::string log_level = "debug";
  bool json = false;
};

void add_world_flags(CLI::App& command, WorldFlags& flags);

// Throw UsageError, naming the option and the cure.
ClusterOptions world_of(const WorldFlags& flags);
LogLevel story_level(const WorldFlags& flags);
std::uint64_t parse_seed(std::string_view option, std::string_view text);
SeedRange parse_seeds(std::string_view text);  // "1..1000", or a single seed
unsigned parse_jobs(std::string_view text);    // 0: as many as there are processors

}  // namespace piccolo::cli
