// Many seeds, on many threads: what is found, when it ends, and what it says meanwhile.

#include "piccolo/sim/campaign.hpp"

#include <fmt/format.h>

#include <atomic>
#include <set>

#include "property.hpp"
#include "seed_ledger.hpp"
#include "toy.hpp"
#include "unit/death.hpp"

namespace piccolo::test {
namespace {

using sim::CampaignEnd;
using sim::CampaignOptions;
using sim::CampaignResult;
using sim::SeedLedger;

// One seed in four breaks, in one of two ways.
Toy fickle() {
  return Toy([](Simulation& sim) {
    add_ticker(sim);
    const auto draw = sim.random().stream("fate").below(8);
    sim.at_end("fate", [draw] {
      if (draw == 0) return std::string("was unkind");
      return std::string(draw == 1 ? "looked away" : "");
    });
  });
}

CampaignResult campaign(const CampaignOptions& options) {
  const Toy toy = fickle();
  return sim::run_campaign(toy.world, toy.scenario, options);
}

std::string text_of(const CampaignResult& result) {
  std::string text =
      fmt::format("{} of {} failed, {} planned, end {}, {:x}", result.failed, result.totals.runs,
                  result.planned, static_cast<int>(result.end), result.totals.fingerprint);
  for (const sim::FailureGroup& group : result.groups) {
    text += fmt::format("\n{}: {} quickest {}", group.signature, group.seeds, group.quickest.seed);
    for (const auto& run : group.examples) text += fmt::format(" {}", run.seed);
  }
  return text;
}

std::vector<std::uint64_t> failing_seeds(sim::SeedRange range) {
  std::vector<std::uint64_t> seeds;
  CampaignOptions options;
  options.seeds = range;
  options.failed = [&seeds](const sim::RunResult& run) { seeds.push_back(run.seed); };
  campaign(options);
  return seeds;
}

}  // namespace

TEST_CASE("what a campaign finds does not depend on how many run it") {
  std::set<std::string> found;
  for (const unsigned jobs : {0U, 1U, 2U, 7U}) {
    CampaignOptions options;
    options.seeds = {1, 300};
    options.jobs = jobs;
    const CampaignResult result = campaign(options);
    CHECK(result.groups.size() == 2);
    CHECK(result.end == CampaignEnd::all_seeds);
    found.insert(text_of(result));
  }
  CHECK(found.size() == 1);
}

TEST_CASE("a campaign ends with the very seed that is one failure too many, whoever runs it") {
  const auto failing = failing_seeds({1, 300});
  REQUIRE(failing.size() > 20);
  for (const std::size_t most : {std::size_t{1}, std::size_t{5}, std::size_t{20}}) {
    std::set<std::string> found;
    for (const unsigned jobs : {1U, 2U, 7U}) {
      CampaignOptions options;
      options.seeds = {1, 300};
      options.jobs = jobs;
      options.failures_max = most;
      const CampaignResult result = campaign(options);
      CHECK(result.end == CampaignEnd::failures_max);
      CHECK(result.failed == most);
      CHECK(result.totals.runs == failing[most - 1]);
      found.insert(text_of(result));
    }
    CHECK(found.size() == 1);
  }
}

TEST_CASE("a campaign without enough failures runs all seeds") {
  CampaignOptions options;
  options.seeds = {1, 50};
  options.failures_max = 51;
  const CampaignResult result = campaign(options);
  CHECK(result.totals.runs == 50);
  CHECK(result.end == CampaignEnd::all_seeds);
}

TEST_CASE("a campaign that is interrupted, or out of time, ends with the seeds that it began") {
  std::atomic<bool> interrupted = false;
  CampaignOptions options;
  options.seeds = {1, UINT64_MAX};
  options.jobs = 2;
  options.interrupted = &interrupted;
  options.failed = [&interrupted](const sim::RunResult&) { interrupted = true; };
  const CampaignResult stopped = campaign(options);
  CHECK(stopped.end == CampaignEnd::interrupted);
  CHECK(stopped.planned == UINT64_MAX);
  CampaignOptions timed;
  timed.seeds = {1, UINT64_MAX};
  timed.jobs = 2;
  timed.time_budget = milliseconds(1);
  const CampaignResult ended = campaign(timed);
  CHECK(ended.end == CampaignEnd::time_budget);
  // All that were run are accounted for: the lowest seeds, without a gap.
  for (const CampaignResult* const result : {&stopped, &ended}) {
    CampaignOptions same;
    same.seeds = {1, result->totals.runs};
    CHECK(campaign(same).totals.fingerprint == result->totals.fingerprint);
  }
}

TEST_CASE("progress is told at the end, with everything done") {
  std::vector<sim::CampaignProgress> told;
  CampaignOptions options;
  options.seeds = {1, 30};
  options.jobs = 2;
  options.progress = [&told](const sim::CampaignProgress& progress) { told.push_back(progress); };
  const CampaignResult result = campaign(options);
  REQUIRE(!told.empty());
  CHECK(told.back().done == 30);
  CHECK(told.back().planned == 30);
  CHECK(told.back().failed == result.failed);
  CHECK(told.back().elapsed <= result.wall_time);
}

TEST_CASE("what a world throws while it is built comes out of the campaign") {
  const Toy toy([](Simulation& sim) {
    add_ticker(sim);
    if (sim.world().seed() == 40) throw std::runtime_error("no seed 40, please");
  });
  CampaignOptions options;
  options.seeds = {1, 100};
  options.jobs = 2;
  CHECK_THROWS_WITH(sim::run_campaign(toy.world, toy.scenario, options), "no seed 40, please");
}

// ---- the ledger: who runs which seed, and in which order results count ----

namespace {

sim::RunResult result_of(std::uint64_t seed) {
  sim::RunResult run;
  run.seed = seed;
  run.trace_hash = mix64(seed);
  run.totals.runs = 1;
  run.totals.events = seed;
  run.totals.fingerprint = mix(seed, run.trace_hash);
  if (seed % 3 == 0) {
    run.violation = sim::Violation{"three", seed % 2 == 0 ? "even" : "odd", Duration(0), false};
  }
  return run;
}

// Hands in one of the seeds that are under way, the one that the test draws.
void hand_in_any(SeedLedger& ledger, std::vector<SeedLedger::Lease>& under_way) {
  const auto which = *rc::gen::inRange<std::size_t>(0, under_way.size());
  const SeedLedger::Lease lease = under_way[which];
  under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(which));
  ledger.hand_in(lease.position, result_of(lease.seed));
}

std::string in_any_order(const CampaignOptions& options, std::uint64_t window) {
  SeedLedger ledger(options, window);
  std::vector<SeedLedger::Lease> under_way;
  while (ledger.more() || !under_way.empty()) {
    const bool takes = under_way.empty() || *rc::gen::arbitrary<bool>();
    const auto lease = takes ? ledger.take() : std::nullopt;
    if (lease) under_way.push_back(*lease);
    RC_ASSERT(under_way.size() <= window);
    if (!lease && !under_way.empty()) hand_in_any(ledger, under_way);
  }
  return text_of(ledger.take_result());
}

}  // namespace

TEST_CASE("whatever the order in which runs come in, they count in the order of their seeds") {
  rc::prop("for every order, window and limit", [] {
    CampaignOptions options;
    options.seeds = {1, 40};
    options.shard = {*rc::gen::inRange<std::uint32_t>(0, 2), 2};
    options.failures_max = *rc::gen::inRange<std::uint64_t>(0, 5);
    std::vector<std::uint64_t> told;
    options.failed = [&told](const sim::RunResult& run) { told.push_back(run.seed); };
    const std::string found = in_any_order(options, *rc::gen::inRange<std::uint64_t>(1, 9));
    const std::vector<std::uint64_t> in_order = std::exchange(told, {});
    RC_ASSERT(std::is_sorted(in_order.begin(), in_order.end()));
    RC_ASSERT(in_any_order(options, 1) == found);
    RC_ASSERT(told == in_order);
  });
}

TEST_CASE("a ledger gives out no more than its window, until the lowest seed is in") {
  CampaignOptions options;
  options.seeds = {1, 10};
  SeedLedger ledger(options, 2);
  CHECK(ledger.take()->seed == 1);
  CHECK(ledger.take()->seed == 2);
  CHECK_FALSE(ledger.take());
  ledger.hand_in(1, result_of(2));
  CHECK_FALSE(ledger.take());
  CHECK(ledger.more());
  CHECK(ledger.done() == 0);
  ledger.hand_in(0, result_of(1));
  CHECK(ledger.done() == 2);
  CHECK(ledger.take()->seed == 3);
}

TEST_CASE("a ledger that was ended gives out nothing, and counts what is under way") {
  CampaignOptions options;
  options.seeds = {1, 10};
  SeedLedger ledger(options, 5);
  ledger.take();
  ledger.take();
  ledger.end(CampaignEnd::time_budget);
  ledger.end(CampaignEnd::interrupted);
  CHECK_FALSE(ledger.more());
  CHECK_FALSE(ledger.take());
  ledger.hand_in(1, result_of(2));
  ledger.hand_in(0, result_of(1));
  CHECK(ledger.done() == 2);
  CHECK(ledger.result().end == CampaignEnd::time_budget);
}

TEST_CASE("a ledger is not given what makes no sense") {
  CampaignOptions options;
  options.seeds = {1, 10};
  CHECK_THAT(abort_message([&] { SeedLedger(options, 0); }),
             contains_text("a campaign was given no room for a single seed"));
  CHECK_THAT(abort_message([&] { SeedLedger(options, 1).hand_in(0, result_of(1)); }),
             contains_text("a run came in that was not given out"));
  options.shard = {2, 2};
  CHECK_THAT(abort_message([&] { SeedLedger(options, 1); }),
             contains_text("a shard is beyond their number"));
}

}  // namespace piccolo::test
