// A campaign in parts: no seed is left out, and none is run twice.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "piccolo/sim/campaign.hpp"
#include "property.hpp"
#include "toy.hpp"

namespace piccolo::test {
namespace {

using sim::SeedRange;
using sim::Shard;

std::vector<std::uint64_t> seeds_of(const Shard& shard, const SeedRange& range) {
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t at = 0; at < shard.size(range); ++at)
    seeds.push_back(shard.seed_at(range, at));
  return seeds;
}

// Near zero, near the end of all numbers, or anywhere.
SeedRange any_range() {
  const auto length = *rc::gen::inRange<std::uint64_t>(0, 60);
  const auto where = *rc::gen::inRange(0, 3);
  const auto offset = *rc::gen::inRange<std::uint64_t>(0, 10);
  if (where == 0) return {offset, offset + length};
  if (where == 1) return {UINT64_MAX - offset - length, UINT64_MAX - offset};
  const auto first = *rc::gen::inRange<std::uint64_t>(0, UINT64_MAX - 100);
  return {first, first + length};
}

}  // namespace

TEST_CASE("shards have each seed of a range once, in order, and what belongs to them") {
  rc::prop("for every range and number of shards", [] {
    const SeedRange range = any_range();
    const auto count = *rc::gen::inRange<std::uint32_t>(1, 70);
    std::vector<std::uint64_t> all;
    for (std::uint32_t index = 0; index < count; ++index) {
      const auto seeds = seeds_of(Shard{index, count}, range);
      RC_ASSERT(std::ranges::is_sorted(seeds));
      for (const std::uint64_t seed : seeds) RC_ASSERT(seed % count == index);
      all.insert(all.end(), seeds.begin(), seeds.end());
    }
    std::ranges::sort(all);
    RC_ASSERT(all.size() == range.last - range.first + 1);
    for (std::size_t at = 0; at < all.size(); ++at) RC_ASSERT(all[at] == range.first + at);
  });
}

TEST_CASE("ranges and shards of extreme sizes have their seeds") {
  const SeedRange everything{0, UINT64_MAX};
  CHECK(everything.size() == UINT64_MAX);
  CHECK(SeedRange{1, UINT64_MAX}.size() == UINT64_MAX);
  CHECK(SeedRange{5, 5}.size() == 1);
  CHECK(SeedRange{5, 4}.size() == 0);
  CHECK(SeedRange{5, 0}.size() == 0);
  CHECK((Shard{0, 2}.size(everything)) == std::uint64_t{1} << 63U);
  CHECK((Shard{1, 2}.size(everything)) == std::uint64_t{1} << 63U);
  CHECK((Shard{0, 2}.seed_at(everything, 1)) == 2);
  CHECK((Shard{1, 2}.seed_at(everything, (std::uint64_t{1} << 63U) - 1)) == UINT64_MAX);
  const Shard last{UINT32_MAX - 1, UINT32_MAX};
  CHECK(last.size({0, UINT32_MAX - 2}) == 0);
  CHECK(last.size({0, UINT32_MAX - 1}) == 1);
  CHECK(last.seed_at({5, UINT32_MAX}, 0) == UINT32_MAX - 1);
}

namespace {

// Holds in most seeds, breaks in two ways in the others.
Toy fickle() {
  return Toy([](Simulation& sim) {
    add_ticker(sim);
    const auto draw = sim.random().stream("fate").below(9);
    sim.sometimes("unlucky", [draw] { return draw < 2; });
    sim.counter("drawn", [draw] { return draw; });
    sim.at_end("fate", [draw] {
      if (draw == 0) return std::string("was unkind");
      return std::string(draw == 1 ? "looked away" : "");
    });
  });
}

std::string text_of(const sim::RunTotals& totals) {
  std::string text = fmt::format("{} {} {} {:x}", totals.runs, totals.events,
                                 totals.virtual_time.count(), totals.fingerprint);
  for (const auto& each : totals.counters) text += fmt::format(" {}={}", each.name, each.value);
  for (const auto& each : totals.sometimes) text += fmt::format(" {}={}", each.name, each.value);
  return text;
}

}  // namespace

TEST_CASE("the totals of all shards add up to those of the whole") {
  const Toy toy = fickle();
  sim::CampaignOptions options;
  options.seeds = {17, 96};
  const auto whole = sim::run_campaign(toy.world, toy.scenario, options);
  CHECK(whole.failed > 5);
  for (const std::uint32_t count : {1U, 3U, 7U}) {
    sim::RunTotals sum;
    std::uint64_t failed = 0;
    for (std::uint32_t index = count; index-- > 0;) {
      options.shard = {index, count};
      const auto part = sim::run_campaign(toy.world, toy.scenario, options);
      CHECK(part.planned == part.totals.runs);
      sum.add(part.totals);
      failed += part.failed;
    }
    CHECK(text_of(sum) == text_of(whole.totals));
    CHECK(failed == whole.failed);
  }
}

TEST_CASE("a fingerprint tells apart which seeds were run, and what they did") {
  const Toy toy = fickle();
  std::set<std::uint64_t> fingerprints;
  for (const SeedRange range : {SeedRange{1, 10}, SeedRange{1, 9}, SeedRange{2, 10}}) {
    sim::CampaignOptions options;
    options.seeds = range;
    fingerprints.insert(sim::run_campaign(toy.world, toy.scenario, options).totals.fingerprint);
  }
  CHECK(fingerprints.size() == 3);
}

}  // namespace piccolo::test
