#pragma once

// Scenarios as TOML files: what needs no code. docs/scenarios.md says what may stand in them.
//
// Errors are one line that begins with the file's name, and with line and column where there is
// one: `wan.toml:3:9: what is wrong; the cure`. Of several the one that stands first is told. No
// bytes crash a reader.

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "piccolo/sim/scenario.hpp"
#include "piccolo/sim/world_description.hpp"

namespace piccolo::sim {

struct LoadedScenario {
  const WorldDescription* world = nullptr;  // one of those that were given
  Scenario scenario;
};

// Nobody writes that much.
inline constexpr std::size_t scenario_bytes_max = std::size_t{1} << 20U;

// What `text` says, for the one of `worlds` that it names. `source_name` is the file's name, as it
// is to be told; the scenario is called by it, without directories and `.toml`. Whether the world
// has the hosts that faults and links name is for `complaint_about(world, scenario)` to say; their
// places are those in the file.
std::expected<LoadedScenario, std::string> parse_scenario(std::string_view text,
                                                          std::string_view source_name,
                                                          std::span<const WorldDescription> worlds);

// A bare name, such as `wan`, is ./scenarios/wan.toml, or else the built-in scenario of that name;
// what has a `/` in it or ends in `.toml` is the path of a file.
std::expected<LoadedScenario, std::string> load_scenario(std::string_view path_or_name,
                                                         std::span<const WorldDescription> worlds);

// The file that `parse_scenario` reads as an equal scenario, whatever the world's defaults become
// until then; only the name and the places are the file's own. What listed faults make idle (kinds,
// and how to draw them) is not written, nor what is said of kinds that are not drawn from.
std::string to_toml(const Scenario& scenario, std::string_view world);

// One of those that come with Piccolo, and are found from anywhere.
struct BuiltInScenario {
  std::string name;
  std::string about;  // one line
  std::string text;   // the whole file
};
std::vector<BuiltInScenario> built_in_scenarios();  // by name

// A key that a file may have, for help.
struct ScenarioKey {
  std::string section;  // empty above all sections; `faults.KIND` for those of each kind
  std::string name;
  std::string value;       // what may be given, and its unit
  std::string by_default;  // in words
  std::string about;       // one line
};
std::vector<ScenarioKey> scenario_keys();

}  // namespace piccolo::sim
