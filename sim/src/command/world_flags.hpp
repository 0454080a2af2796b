#pragma once

// The options that choose a world and what happens in it, the same for `sim` and `replay`.

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "piccolo/core/logger.hpp"
#include "piccolo/sim/scenario.hpp"

namespace piccolo::sim {

// As typed; what was not is empty.
struct WorldFlags {
  std::optional<std::string> world;
  std::optional<std::string> scenario;  // a name or a file
  std::map<std::string, std::optional<std::string>> parameters;
  std::optional<std::string> duration;
  std::optional<std::string> faults;
  std::vector<std::string> fault_lines;   // one for each --fault
  std::optional<std::string> fault_list;  // a file's name
  std::optional<std::string> swarm;
  std::optional<std::string> order;
  std::optional<std::string> heal;
  std::optional<std::string> buggify;
  std::optional<std::string> events_max;
};

void add_world_flags(CLI::App& command, WorldFlags& flags,
                     std::span<const WorldDescription> worlds);

struct ChosenWorld {
  const WorldDescription* world;
  Scenario scenario;
  std::string flags;  // that choose it again, for a shell
};

// Throws UsageError, naming the option and the cure. `worlds` outlive what is returned.
ChosenWorld choose_world(const WorldFlags& flags, std::span<const WorldDescription> worlds);

}  // namespace piccolo::sim
