#pragma once

// What a run or a sweep found, for people and for programs.

#include <string>

#include "piccolo/sim/sweep.hpp"

namespace piccolo::cli {

struct Report {
  std::string program;  // as it was called, for the commands that replay
  ClusterOptions world;
  SeedRange seeds;
  SweepResult result;
  bool single = false;  // then with the trace hash
  std::uint64_t trace_hash = 0;
};

std::string text_report(const Report& report);
std::string json_report(const Report& report);

// 0 held, 1 an invariant broke, 3 only liveness did.
int exit_code_of(const SweepResult& result) noexcept;

}  // namespace piccolo::cli
