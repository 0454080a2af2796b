#include <algorithm>

#include "catch.hpp"
#include "checked_run.hpp"
#include "mischief.hpp"
#include "piccolo/sim/simulation.hpp"
#include "summary.hpp"

namespace piccolo::campaign_test {
namespace {

sim::RunResult check(const sim::WorldDescription& world, std::uint64_t seed) {
  return sim::checked_run(world, sim::Scenario(world), seed, 1'000'000, [] {});
}

}  // namespace

TEST_CASE("a world whose traces differ from run to run is told from one that holds") {
  const auto run = check(forgetful_world(), 7);
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "deterministic");
  CHECK(run.violation->detail.starts_with("two runs of the seed differ in their trace hash: "));
  CHECK_FALSE(check(mischief(on_every(1, Deed::nothing)), 7).violation);
}

TEST_CASE("the first event in which two runs differ is told with both of its forms") {
  const auto run = check(forgetful_world(), 7);
  REQUIRE(run.violation);
  const std::string& detail = run.violation->detail;
  CHECK_THAT(detail, test::contains_text("two more runs part behind event "));
  // The event that should not be there is due a nanosecond later in each run.
  CHECK_THAT(detail, test::contains_text("\n  5.00000"));
  CHECK_THAT(detail, test::contains_text("ms event of "));
  CHECK(std::ranges::count(detail, '\n') == 3);
}

TEST_CASE("runs that differ in their totals alone differ") {
  const auto run = check(miscounting_world(), 7);
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "deterministic");
  CHECK_THAT(run.violation->detail, test::contains_text("counter: `builds` = "));
  CHECK_THAT(run.violation->detail, test::contains_text("do not differ in their traces"));
}

TEST_CASE("what else a run broke is not lost when it is not deterministic") {
  auto world = forgetful_world();
  world.build = [build = world.build](sim::Simulation& sim) {
    build(sim);
    sim.always("impossible", [] { return false; });
  };
  const auto run = check(world, 7);
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "impossible");  // before the traces part
  world.build = [build = forgetful_world().build](sim::Simulation& sim) {
    build(sim);
    sim.at_end("never content", [] { return std::string("as ever"); });
  };
  const auto late = check(world, 7);
  REQUIRE(late.violation);
  CHECK(late.violation->invariant == "deterministic");
  CHECK_THAT(late.violation->detail, test::contains_text("a violation of never content at "));
}

TEST_CASE("results of equal traces are told apart by whatever differs") {
  sim::RunResult one;
  CHECK_FALSE(sim::first_difference(one, one));
  sim::RunResult other = one;
  other.totals.faults[FaultKind::hup].observed = 1;
  CHECK_THAT(sim::first_difference(one, other).value_or(""),
             test::contains_text("faults of kind hup observed: 0 in one, 1 in the other"));
  other = one;
  other.violation = sim::Violation{"rule", "detail", Duration(0), false};
  CHECK_THAT(sim::first_difference(one, other).value_or(""), test::contains_text("no violation"));
  other = one;
  other.totals.sites.push_back({"site", 1, 0});
  CHECK_THAT(sim::first_difference(one, other).value_or(""),
             test::contains_text("none in one, `site` passed 1 times"));
}

TEST_CASE(
    "which seeds are checked depends on the seed, and is about the share that was asked for") {
  constexpr std::uint64_t seeds = 100'000;
  std::uint64_t checked = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    if (sim::is_checked(seed, 20'000)) ++checked;
    CHECK_FALSE(sim::is_checked(seed, 0));
    if (!sim::is_checked(seed, 1'000'000)) FAIL("not all of them");
  }
  CHECK(checked > 1'800);
  CHECK(checked < 2'200);
}

TEST_CASE("a campaign checks the same seeds on threads and in processes") {
  for (const bool isolate : {false, true}) {
    // On threads, worlds that share a static are a data race: one is enough here.
    auto options = options_for(200, 1, isolate);
    options.check_ppm = 100'000;
    std::vector<std::uint64_t> failed;
    options.failed = [&](const sim::RunResult& run) { failed.push_back(run.seed); };
    const auto result = run(miscounting_world(), options);
    std::vector<std::uint64_t> expected;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      if (sim::is_checked(seed, options.check_ppm)) expected.push_back(seed);
    }
    CHECK(expected.size() > 5);
    CHECK(failed == expected);
    CHECK(result.groups.size() == 1);
  }
}

TEST_CASE("a check changes nothing of what a deterministic world finds") {
  const auto world = mischief(on_every(9, Deed::break_invariant));
  auto options = options_for(100, 2, false);
  const auto unchecked = run(world, options);
  options.check_ppm = 1'000'000;
  CHECK(summary(run(world, options)) == summary(unchecked));
  CHECK(unchecked.failed == 11);
}

}  // namespace piccolo::campaign_test
