// Sites of `buggify` in the programs of a world.

#include "piccolo/sim/campaign.hpp"
#include "property.hpp"
#include "toy.hpp"

namespace piccolo::test {
namespace {

Task<void> passes(Env& env, int* fired) {
  for (int step = 0; step < 50; ++step) {
    const auto slept = co_await env.clock.sleep_for(milliseconds(10));
    if (!slept) co_return;
    if (env.probes.buggify("b site")) ++*fired;
    if (env.probes.buggify("a site", 1'000'000)) ++*fired;
  }
}

Toy probed() {
  return Toy([](Simulation& sim) {
    auto& fired = sim.keep<int>(0);
    const HostId host = sim.add_host("n1");
    for (const char* const name : {"p1", "p2"}) {
      sim.add_node(host, name, [&fired](Env& env) { return passes(env, &fired); });
    }
    sim.counter("fired", [&fired] { return static_cast<std::uint64_t>(fired); });
  });
}

}  // namespace

TEST_CASE("a run counts how often its programs came by each site, and how often it fired") {
  const Toy toy = probed();
  std::uint64_t on = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const sim::RunTotals totals = toy.run(seed).totals;
    REQUIRE(totals.sites.size() == 2);
    CHECK(totals.sites[0].site == "a site");
    CHECK(totals.sites[1].site == "b site");
    for (const sim::SiteCount& site : totals.sites) CHECK(site.passed == 100);
    CHECK(totals.sites[0].fired + totals.sites[1].fired == totals.counters.front().value);
    // What always fires where it is on does so in all processes, or in none.
    CHECK((totals.sites[0].fired == 0 || totals.sites[0].fired == 100));
    on += totals.sites[0].fired / 100;
  }
  CHECK(on > 5);
  CHECK(on < 30);
}

TEST_CASE("a campaign sums up its sites") {
  const Toy toy = probed();
  sim::CampaignOptions options;
  options.seeds = {1, 20};
  const auto campaign = sim::run_campaign(toy.world, toy.scenario, options);
  std::uint64_t fired = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    fired += toy.run(seed).totals.sites.at(1).fired;
  }
  REQUIRE(campaign.totals.sites.size() == 2);
  CHECK(campaign.totals.sites[1] == sim::SiteCount{"b site", 2000, fired});
  CHECK(fired > 0);
}

TEST_CASE("no site fires, nor is counted, in a scenario without buggify") {
  Toy toy = probed();
  toy.scenario.buggify = false;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const sim::RunTotals totals = toy.run(seed).totals;
    CHECK(totals.sites.empty());
    CHECK(totals.counters.front().value == 0);
  }
}

}  // namespace piccolo::test
