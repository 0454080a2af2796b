#pragma once

// How the faults of a run are drawn: whether seeds differ in kinds and strength, and what holds for
// single kinds.

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "piccolo/core/time.hpp"
#include "piccolo/net_sim/faults.hpp"

namespace piccolo {

// So many in each `per` of virtual time, on average; 0 for none. One in 10 ms at most.
struct FaultRate {
  std::uint32_t count = 1;
  Duration per = std::chrono::minutes(1);  // above 0

  bool operator==(const FaultRate&) const = default;
};

// Of one kind.
struct KindProfile {
  // Instead of the strength that the swarm would draw. Seeds that the swarm leaves without the kind
  // have none of it all the same: for exactly this rate in every seed, there must be no swarm.
  std::optional<FaultRate> rate = std::nullopt;
  // Faults of the kind begin in [from, until); what lies beyond the run's duration is left out.
  Duration from{0};
  Duration until = Duration::max();

  bool operator==(const KindProfile&) const = default;
};

struct FaultProfile {
  // Each seed draws which kinds it has, and for each how often it strikes and how long it lasts
  // ("Swarm testing", Groce and others, ISSTA 2012). Without the swarm, every seed has every kind,
  // at medium strength: that finds planted bugs sooner (docs/zoo.md), so a swarm is to be asked
  // for, where faults hide each other's effects.
  bool swarm = false;
  std::array<KindProfile, fault_kinds> kinds{};

  KindProfile& of(FaultKind kind) noexcept { return kinds[static_cast<std::size_t>(kind)]; }
  const KindProfile& of(FaultKind kind) const noexcept {
    return kinds[static_cast<std::size_t>(kind)];
  }

  bool operator==(const FaultProfile&) const = default;
};

// What is wrong with a profile, in one line with the cure; empty for nothing. A window that lies
// beyond the run's duration is not: there are just no faults then.
std::string complaint_about(const KindProfile& profile);

}  // namespace piccolo
