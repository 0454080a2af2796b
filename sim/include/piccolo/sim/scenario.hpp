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

// What a scenario is that a failing seed was shrunk to.
struct Repro {
  std::uint64_t seed = 0;  // for what faults and the rest of the scenario leave to draw
  std::string invariant;   // that it broke
  bool breaks = false;     // does it have to, still? For regression tests; else it must hold

  bool operator==(const Repro&) const = default;
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
  // With `Heal::core`, the hosts that are not of the core, and how they stay broken, instead of a
  // core that the seed draws: "n3 cut off".
  std::vector<ListedFault> broken;
  // May the seed lay out the hosts (`Simulation::hosts_are_named`) although faults or links name
  // some? They are those of one seed then.
  bool layout_drawn = false;
  bool usual_kernels = false;  // Linux's defaults, where the seed would draw kernels
  bool buggify = true;         // do the sites in the programs' code fire?
  // A run that comes to that many events is endless.
  std::uint64_t events_max = 20'000'000;
  std::optional<Repro> repro;

  bool operator==(const Scenario&) const = default;
};

// What is wrong with the scenario for this world, in one line that names the place and the cure:
// faults and links of hosts that the world does not have. Builds the world, by a repro's seed if it
// is one, but runs nothing.
std::optional<std::string> complaint_about(const WorldDescription& world, const Scenario& scenario);

// The kinds of faults that a run may have.
FaultSet enabled_faults(const Scenario& scenario);

}  // namespace piccolo::sim
