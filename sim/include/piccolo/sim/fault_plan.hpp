#pragma once

// The faults of one run: drawn from the seed before the run begins, or listed by hand. Faults may
// overlap, but not contradict each other.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "piccolo/net_sim/world.hpp"
#include "piccolo/sim/fault.hpp"
#include "piccolo/sim/fault_profile.hpp"
#include "piccolo/sim/fault_set.hpp"

namespace piccolo {

using FaultPlan = std::vector<Fault>;

// In order of time. All faults lie in [0, duration) and are over by `duration`. Which kinds a seed
// has, and how strongly, is drawn as well, as the profile says: seeds differ in what they combine.
// What is drawn of one kind does not depend on which other kinds there are, nor on their profiles.
FaultPlan draw_fault_plan(const FaultScene& scene, const FaultSet& kinds, std::uint64_t seed,
                          const FaultProfile& profile = FaultProfile());

// A line and where it stands: "faults.txt:3", "--fault 2".
struct ListedFault {
  std::string place;
  std::string line;

  // Wherever they stand.
  bool operator==(const ListedFault& other) const { return line == other.line; }
};

// In order of time. The error is one line that begins with the place.
std::expected<FaultPlan, std::string> parse_fault_plan(std::span<const ListedFault> lines,
                                                       const FaultScene& scene);

// Whether both cannot happen. `earlier` is the one that was there first.
bool contradict(const Fault& earlier, const Fault& later, const FaultScene& scene);
// Why they cannot, or empty: "the clock of n1 drifts already from 2s to 6s".
std::string contradiction(const Fault& earlier, const Fault& later, const FaultScene& scene);

// Puts the plan into the world's script. `note` is told of each fault as it strikes and ends, and
// may be empty. Once `called_off` becomes true, faults that have not struck by then do not strike;
// it may be null.
void schedule(World& world, FaultPlan plan, const FaultScene& scene,
              const std::function<void(std::string_view)>& note,
              const std::shared_ptr<const bool>& called_off = nullptr);

// How long effects of the plan may outlast it: answers of name servers that are still to come.
Duration aftermath(const FaultPlan& plan) noexcept;

}  // namespace piccolo
