#pragma once

// What tests of formats write down.

#include <string>
#include <string_view>

#include "cluster.hpp"
#include "piccolo/sim/export.hpp"

namespace piccolo::test {

inline sim::Recording recorded(std::uint64_t seed, const sim::RecordLimits& limits = {}) {
  const Cluster cluster(3, FaultSet::all(), std::chrono::seconds(10));
  return sim::record_world(cluster.world, cluster.scenario, seed, LogLevel::debug, limits);
}

// All that a writer gives to its sink.
template <class Write>
std::string written(Write write) {
  std::string text;
  write([&text](std::string_view bytes) { text += bytes; });
  return text;
}

inline std::string jsonl_of(const sim::Recording& recording) {
  return written([&](const sim::ByteSink& sink) { sim::write_jsonl(recording, sink); });
}

}  // namespace piccolo::test
