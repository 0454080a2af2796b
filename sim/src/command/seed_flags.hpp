#pragma once

// Seeds, shards, jobs and budgets as typed. All functions throw UsageError, naming the option and
// the cure.

#include <optional>
#include <string>
#include <string_view>

#include "piccolo/sim/campaign.hpp"

namespace piccolo::sim {

// "7", or in hexadecimal "0x1f".
std::uint64_t parse_seed(std::string_view option, std::string_view text);
SeedRange parse_seeds(std::string_view text);  // "1..1000", or a single seed

// The seeds moved to where a commit's seeds begin, so that every commit gets seeds of its own: by
// the first 13 digits of its hash, which leaves numbers that JSON readers do not round.
SeedRange seeds_from_commit(std::string_view commit, const SeedRange& seeds);

unsigned parse_jobs(std::string_view text);  // 0: as many as there are processors
Duration parse_budget(std::string_view option, std::string_view text);
std::uint64_t parse_failures_max(std::string_view text);
std::uint32_t parse_check_share(std::string_view text);  // "5%" or "all"; in parts per million

// What part of the seeds this process has, and who says so: "--shard", or the variables of an
// engine. `text` is "2/8", "none", or not given: then the environment is asked.
struct ChosenShard {
  Shard shard;
  std::string origin;  // empty when there is no sharding
};
ChosenShard choose_shard(const std::optional<std::string>& text);

}  // namespace piccolo::sim
