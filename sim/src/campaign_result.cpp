#include <algorithm>

#include "piccolo/sim/campaign.hpp"

namespace piccolo::sim {
namespace {

// However many seeds fail, what is kept of them stays small.
constexpr std::size_t groups_max = 64;
constexpr std::size_t examples_max = 5;

bool is_quicker(const RunResult& run, const RunResult& than) {
  return run.totals.events < than.totals.events;
}

}  // namespace

std::uint64_t Shard::size(const SeedRange& seeds) const noexcept {
  const std::uint64_t skipped = (index + count - seeds.first % count) % count;
  if (skipped >= seeds.size()) return 0;
  return (seeds.size() - skipped - 1) / count + 1;
}

std::uint64_t Shard::seed_at(const SeedRange& seeds, std::uint64_t position) const noexcept {
  const std::uint64_t skipped = (index + count - seeds.first % count) % count;
  return seeds.first + skipped + position * count;
}

void CampaignResult::add(const RunResult& run) {
  totals.add(run.totals);
  if (!run.violation) return;
  ++failed;
  std::string text = signature(*run.violation);
  auto group = std::ranges::find(groups, text, &FailureGroup::signature);
  if (group == groups.end()) {
    // The last group takes what is beyond the limit: better lumped together than lost.
    if (groups.size() == groups_max) {
      group = groups.end() - 1;
      group->signature = "others";
    } else {
      group = groups.insert(groups.end(), FailureGroup{std::move(text), 0, {}, run});
    }
  }
  ++group->seeds;
  if (group->examples.size() < examples_max) group->examples.push_back(run);
  if (is_quicker(run, group->quickest)) group->quickest = run;
}

}  // namespace piccolo::sim
