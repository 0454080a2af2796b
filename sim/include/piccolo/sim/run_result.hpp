#pragma once

// What one run found, and the sum over many. What a run finds is a function of the world, the
// scenario and the seed alone.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "piccolo/core/time.hpp"
#include "piccolo/net_sim/faults.hpp"

namespace piccolo::sim {

struct Violation {
  std::string invariant;
  std::string detail;     // one line or several: the state that broke it
  Duration at{0};         // virtual time since the start
  bool liveness = false;  // something that had to happen did not
};

// What failures are grouped by: the invariant, and the first line of the detail with its numbers
// and times taken out, so that one mistake on any host, port or moment has one signature.
std::string signature(const Violation& violation);

struct NamedCount {
  std::string name;
  std::uint64_t value = 0;
  bool operator==(const NamedCount&) const = default;
};

// A `buggify` site that programs came to.
struct SiteCount {
  std::string site;
  std::uint64_t passed = 0;
  std::uint64_t fired = 0;
  bool operator==(const SiteCount&) const = default;
};

// What was exercised. Names keep the order in which they came.
struct RunTotals {
  std::uint64_t runs = 0;
  std::uint64_t events = 0;
  Duration virtual_time{0};
  FaultCounts faults;
  std::vector<NamedCount> counters;   // the world's own: `Simulation::counter`
  std::vector<NamedCount> sometimes;  // runs in which it was seen, by name
  std::vector<SiteCount> sites;       // by name
  // Of all seeds with their trace hashes, whatever their order: equal when all runs were.
  std::uint64_t fingerprint = 0;

  void add(const RunTotals& other);
};

struct RunResult {
  std::uint64_t seed = 0;
  std::uint64_t trace_hash = 0;
  std::optional<Violation> violation;
  RunTotals totals;  // of this run alone
};

}  // namespace piccolo::sim
