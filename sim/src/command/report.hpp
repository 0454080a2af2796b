#pragma once

// What a run, a campaign or several merged ones found, for people and for programs. Holds all that
// it tells, so that it can be put together from files as well.

#include <cstdint>
#include <string>
#include <vector>

#include "piccolo/sim/campaign.hpp"

namespace piccolo::sim {

// What a campaign was about: shards of one campaign agree on all but `shard` and `program`.
struct CampaignHead {
  std::string program;  // as it was called, for the commands that replay
  std::string world;
  std::string flags;  // that choose the world again
  FaultSet faults;    // the kinds that a run may have
  SeedRange seeds;
  Shard shard;
  bool strict = false;  // every kind of fault has to bite, every `sometimes` has to be seen
};

struct Report {
  CampaignHead head;
  CampaignResult result;
};

std::string text_report(const Report& report);
std::string json_report(const Report& report);
// For CI systems: a test case for each group of failures, or one that passed.
std::string junit_report(const Report& report);

// Of a single run, behind its story.
std::string text_of_run(const CampaignHead& head, const RunResult& run);
std::string json_of_run(const CampaignHead& head, const RunResult& run);

std::string replay_command(const CampaignHead& head, std::uint64_t seed);

// The kinds of faults that were enabled, and changed nothing that any node or kernel saw.
std::vector<FaultKind> toothless(const CampaignHead& head, const RunTotals& totals);
// What should have been seen in some run, and was in none.
std::vector<std::string> never_seen(const RunTotals& totals);

// docs/campaigns.md has the list of exit codes.
int exit_code_of(const Report& report);
int exit_code_of_run(const CampaignHead& head, const RunResult& run);

// 1234567 -> "1,234,567"
std::string grouped(std::uint64_t number);

}  // namespace piccolo::sim
