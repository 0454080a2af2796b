#pragma once

// What a run or a sweep found, for people and for programs.

#include <string>
#include <vector>

#include "piccolo/sim/sweep.hpp"

namespace piccolo::cli {

struct Report {
  std::string program;  // as it was called, for the commands that replay
  ClusterOptions world;
  SeedRange seeds;
  SweepResult result;
  bool single = false;  // then with the trace hash
  std::uint64_t trace_hash = 0;
  bool strict = false;  // every kind that was enabled has to bite
};

std::string text_report(const Report& report);
std::string json_report(const Report& report);

// The kinds of faults that were enabled, and changed nothing that any node or kernel saw.
std::vector<FaultKind> toothless(const Report& report);

// 0 held, 1 an invariant broke, 3 only liveness did, 6 all held, but strictly nothing was proved of
// some kind of fault.
int exit_code_of(const Report& report);

}  // namespace piccolo::cli
