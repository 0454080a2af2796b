#pragma once

// A map of registers on replicas, of which any majority will do (Attiya, Bar-Noy and Dolev,
// "Sharing memory robustly in message-passing systems", J. ACM 42, 1995). A client asks any
// replica, which asks the others: a read takes the newest value that a majority knows, and makes
// sure that a majority knows it before it answers; a write does so with a newer one.

#include <array>
#include <compare>
#include <cstdint>
#include <vector>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"
#include "register/workload.hpp"

namespace piccolo::zoo {

enum class QuorumMistake : std::uint8_t {
  none,
  reads_one,      // a read answers what the replica that was asked happens to know
  no_write_back,  // a read answers the newest value before a majority knows it
};

struct Version {
  std::uint64_t counter = 0;
  std::uint64_t value = no_value;  // no two writes have the same, so it decides between equals
  auto operator<=>(const Version&) const noexcept = default;
};

// Survives the process and the power: what is assigned is written.
struct ReplicaDisk {
  std::array<Version, map_keys> versions;
};

struct ReplicaConfig {
  std::vector<Endpoint> replicas;
  std::size_t self = 0;  // among them
  ReplicaDisk* disk = nullptr;
  QuorumMistake mistake = QuorumMistake::none;
};

Task<void> quorum_replica(Env& env, ReplicaConfig config);

}  // namespace piccolo::zoo
