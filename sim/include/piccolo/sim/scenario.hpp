#pragma once

// What a run is about, besides the world's code and the seed: parameters, faults, links, how long,
// and how it heals. A value; the command line and scenario files (docs/scenarios.md) make one.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "piccolo/net_sim/options.hpp"
#include "piccolo/sim/fault_plan.hpp"
#include "piccolo/sim/fault_profile.hpp"
#include "piccolo/sim/fault_set.hpp"
#include "piccolo/sim/parameters.hpp"
#include "piccolo/sim/world_description.hpp"

namespace piccolo::sim {

// What is healed when the faults are over, and must then make progress.
enum class Heal : std::uint8_t {
  drawn,  // by the seed: all, or, in half of the runs of worlds that name a core, the core
  all,
  core,  // some hosts, drawn by the seed; the others stay cut off, paused or without power
};

// One direction between two hosts, by their names.
struct LinkRule {
  std::string from;
  std::string to;
  LinkOptions options;
  std::string place = "link";  // where it stands: "wan.toml:7:3"

  // Wherever they stand.
  bool operator==(const LinkRule& other) const {
    return from == other.from && to == other.to && options == other.options;
  }
};

struct Scenario {
  // As the world describes itself.
  explicit Scenario(const WorldDescription& world)
      : parameters(world.parameters), duration(world.duration), faults(world.faults) {}

  std::string name;   // of a scenario file; empty when there is none
  std::string about;  // likewise
  Parameters parameters;
  Duration duration;     // while faults strike; healing and converging follow
  FaultSet faults;       // the kinds that seeds draw from
  FaultProfile profile;  // and how
  // Instead of drawn ones; they name hosts and processes of the world.
  std::optional<std::vector<ListedFault>> listed;
  std::optional<LinkOptions> link;  // of all links, instead of what the world or the seed chooses
  std::vector<LinkRule> links;
  std::optional<ReadyOrder> order;  // instead of one that the seed draws
  Heal heal = Heal::drawn;
  bool buggify = true;  // do the sites in the programs' code fire?
  // A run that comes to that many events is endless.
  std::uint64_t events_max = 20'000'000;

  bool operator==(const Scenario&) const = default;
};

// What is wrong with the scenario for this world, in one line that names the place and the cure:
// faults and links of hosts that the world does not have. Builds the world, but runs nothing.
std::optional<std::string> complaint_about(const WorldDescription& world, const Scenario& scenario);

// The kinds of faults that a run may have.
FaultSet enabled_faults(const Scenario& scenario);

}  // namespace piccolo::sim
