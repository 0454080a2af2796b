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

// Seeds at the beginning of the range that are none of the shard's.
std::uint64_t skipped(const Shard& shard, const SeedRange& seeds) {
  const std::uint64_t count = shard.count;
  return (shard.index + count - seeds.first % count) % count;
}

}  // namespace

std::uint64_t SeedRange::size() const noexcept { return Shard{0, 1}.size(*this); }

std::uint64_t Shard::size(const SeedRange& seeds) const noexcept {
  const std::uint64_t before = skipped(*this, seeds);
  const std::uint64_t span = seeds.last - seeds.first;
  if (seeds.last < seeds.first || before > span) return 0;
  const std::uint64_t after_the_first = (span - before) / count;
  return after_the_first + (after_the_first < UINT64_MAX ? 1 : 0);
}

std::uint64_t Shard::seed_at(const SeedRange& seeds, std::uint64_t position) const noexcept {
  return seeds.first + skipped(*this, seeds) + position * count;
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
