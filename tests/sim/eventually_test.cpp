// What must happen at last, and what may.

#include "piccolo/sim/campaign.hpp"
#include "property.hpp"
#include "toy.hpp"

namespace piccolo::test {
namespace {

// Eventually, within 400 ms: so many ticks, one each 100 ms.
Toy ticking_until(int wanted) {
  return Toy([wanted](Simulation& sim) {
    const Ticker& ticker = add_ticker(sim);
    sim.eventually(
        "enough", milliseconds(400), [&ticker, wanted] { return ticker.ticks == wanted; },
        [&ticker] { return std::to_string(ticker.ticks) + " ticks"; });
  });
}

// When the program was asked to stop.
Duration stopped(const Toy::Build& more) {
  Duration at{0};
  const Toy toy([&](Simulation& sim) {
    const Ticker& ticker = add_ticker(sim);
    more(sim);
    sim.at_end("stopped", [&at, &ticker] {
      at = ticker.stopped_at;
      return std::string();
    });
  });
  CHECK(toy.verdict() == "held");
  return at;
}

Toy::Build until(std::vector<Duration> moments) {
  return [moments = std::move(moments)](Simulation& sim) {
    for (const Duration moment : moments) {
      sim.eventually(format_duration(moment), seconds(1),
                     [&sim, moment] { return sim.world().now() == TimePoint(moment); });
    }
  };
}

}  // namespace

TEST_CASE("what did not come true in time is named, with the state and the time it had") {
  const sim::RunResult run = ticking_until(100).run();
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "enough");
  CHECK(run.violation->detail == "14 ticks: did not come true within 400ms after the last heal");
  CHECK(run.violation->at == milliseconds(1400));
  CHECK(run.violation->liveness);
}

TEST_CASE("the last moment is in time, and what was true before the heal does not count") {
  CHECK(ticking_until(14).verdict() == "held");
  CHECK(ticking_until(15).verdict() == "enough");
  CHECK(ticking_until(9).verdict() == "enough");
}

TEST_CASE("the time begins when the last effect of a fault is over") {
  Toy toy = ticking_until(100);
  toy.scenario.listed = {ListedFault{"here", "100ms name n1 is answered 250ms late for 500ms"}};
  const sim::RunResult run = toy.run();
  REQUIRE(run.violation);
  CHECK(run.violation->at == milliseconds(1650));
}

TEST_CASE("a run goes on only until everything has come true, at any moment each") {
  CHECK(stopped([](Simulation&) {}) == seconds(1));
  CHECK(stopped(until({milliseconds(1300)})) == milliseconds(1300));
  CHECK(stopped(until({milliseconds(1200), milliseconds(1700)})) == milliseconds(1700));
  CHECK(stopped(until({milliseconds(1700), milliseconds(1200)})) == milliseconds(1700));
}

TEST_CASE("of several that are late the one with the least time is named") {
  const Toy toy([](Simulation& sim) {
    add_ticker(sim);
    sim.eventually("slow", milliseconds(900), [] { return false; });
    sim.eventually("quick", milliseconds(250), [] { return false; });
    sim.eventually("met", milliseconds(100), [] { return true; });
  });
  const sim::RunResult run = toy.run();
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "quick");
  CHECK(run.violation->at == milliseconds(1250));
  CHECK(run.violation->detail == "did not come true within 250ms after the last heal");
}

TEST_CASE("what must always hold must hold as well while things come true") {
  const Toy toy([](Simulation& sim) {
    const Ticker& ticker = add_ticker(sim);
    sim.eventually("late", seconds(1), [&ticker] { return ticker.ticks == 15; });
    sim.always("not twelve", [&ticker] { return ticker.ticks != 12; });
  });
  const sim::RunResult run = toy.run();
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "not twelve");
  CHECK_FALSE(run.violation->liveness);
}

namespace {

Task<void> reaches(Env& env) {
  co_await env.clock.sleep_for(milliseconds(10));
  env.probes.sometimes("told");
  env.probes.sometimes("never declared");
}

}  // namespace

TEST_CASE("what may happen is counted by the runs in which it was seen, once in each") {
  const Toy toy([](Simulation& sim) {
    const Ticker& ticker = add_ticker(sim);
    sim.add_client("c1", [](Env& env) { return reaches(env); });
    sim.sometimes("five ticks", [&ticker] { return ticker.ticks == 5; });
    sim.sometimes("fifty ticks", [&ticker] { return ticker.ticks == 50; });
    sim.sometimes("told");
    sim.sometimes("untold");
  });
  using Counts = std::vector<sim::NamedCount>;
  CHECK(toy.run().totals.sometimes == Counts{{"five ticks", 1},
                                             {"fifty ticks", 0},
                                             {"told", 1},
                                             {"untold", 0},
                                             {"never declared", 1}});
  sim::CampaignOptions options;
  options.seeds = {1, 7};
  const auto campaign = sim::run_campaign(toy.world, toy.scenario, options);
  CHECK(campaign.totals.sometimes == Counts{{"five ticks", 7},
                                            {"fifty ticks", 0},
                                            {"told", 7},
                                            {"untold", 0},
                                            {"never declared", 7}});
}

}  // namespace piccolo::test
