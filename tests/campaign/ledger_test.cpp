#include "catch.hpp"
#include "mischief.hpp"
#include "seed_ledger.hpp"

namespace piccolo::campaign_test {
namespace {

sim::RunResult run_of(std::uint64_t seed, bool fails = false) {
  sim::RunResult run;
  run.seed = seed;
  run.totals.runs = 1;
  if (fails) run.violation = sim::Violation{"rule", "", Duration(0), false};
  return run;
}

}  // namespace

TEST_CASE("a ledger that is closed counts what came in behind a gap, in order") {
  auto options = options_for(10, 1, false);
  std::vector<std::uint64_t> failed;
  options.failed = [&](const sim::RunResult& run) { failed.push_back(run.seed); };
  sim::SeedLedger ledger(options, 10);
  for (int position = 0; position < 6; ++position) ledger.take();
  ledger.hand_in(4, run_of(5, true));
  ledger.hand_in(2, run_of(3, true));
  ledger.hand_in(0, run_of(1));
  CHECK(ledger.done() == 1);
  ledger.end(sim::CampaignEnd::interrupted);
  ledger.close();
  CHECK(failed == std::vector<std::uint64_t>{3, 5});
  const auto result = ledger.take_result();
  CHECK(result.totals.runs == 3);
  CHECK(result.end == sim::CampaignEnd::interrupted);
}

TEST_CASE("a ledger that is closed counts no more failures than it was to") {
  auto options = options_for(10, 1, false);
  options.failures_max = 1;
  sim::SeedLedger ledger(options, 10);
  for (int position = 0; position < 6; ++position) ledger.take();
  ledger.hand_in(2, run_of(3, true));
  ledger.hand_in(4, run_of(5, true));
  ledger.close();
  const auto result = ledger.take_result();
  CHECK(result.failed == 1);
  CHECK(result.end == sim::CampaignEnd::failures_max);
}

TEST_CASE("a campaign that was to be cut short and had nothing left to do was complete") {
  const auto options = options_for(2, 1, false);
  sim::SeedLedger ledger(options, 10);
  ledger.take();
  ledger.take();
  ledger.end(sim::CampaignEnd::time_budget);
  ledger.hand_in(0, run_of(1));
  ledger.hand_in(1, run_of(2));
  ledger.close();
  CHECK(ledger.take_result().end == sim::CampaignEnd::all_seeds);
}

}  // namespace piccolo::campaign_test
