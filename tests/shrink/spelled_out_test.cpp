// What a seed draws, said by a scenario: the same run.

#include "catch.hpp"
#include "cluster.hpp"
#include "piccolo/sim/scenario_file.hpp"
#include "piccolo/sim/shrink.hpp"
#include "zoo.hpp"

namespace piccolo::test {
namespace {

using namespace sim;

// By way of a file.
Scenario written_and_read(const WorldDescription& world, const Scenario& scenario,
                          std::uint64_t seed) {
  Scenario with_seed = scenario;
  with_seed.repro = Repro{seed, "any", false};
  const auto loaded = parse_scenario(to_toml(with_seed, world.name), "some.toml", {&world, 1});
  REQUIRE(loaded.has_value());
  CHECK(complaint_about(world, loaded->scenario) == std::nullopt);
  return loaded->scenario;
}

bool is_the_same(const WorldDescription& world, const Scenario& drawn, std::uint64_t seed) {
  INFO(world.name << " seed " << seed);
  const Scenario spelled = written_and_read(world, spelled_out(world, drawn, seed), seed);
  const RunResult one = run_world(world, drawn, seed);
  const RunResult other = run_world(world, spelled, seed);
  CHECK(one.trace_hash == other.trace_hash);
  CHECK(one.violation.has_value() == other.violation.has_value());
  return spelled.listed && !spelled.listed->empty();
}

}  // namespace

TEST_CASE("the scenario that says what a seed draws is the same run, of clusters") {
  const Cluster cluster(5);
  unsigned with_core = 0;
  unsigned shared_hosts = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CHECK(is_the_same(cluster.world, cluster.scenario, seed));
    const Scenario spelled = spelled_out(cluster.world, cluster.scenario, seed);
    // Or the seed would draw the core again, and nobody would notice here.
    CHECK(spelled.broken.empty() == (spelled.heal != Heal::core));
    if (spelled.heal == Heal::core) ++with_core;
    if (spelled.layout_drawn) ++shared_hosts;
  }
  CHECK(with_core > 10);
  CHECK(with_core < 50);
  CHECK(shared_hosts == 60);
}

TEST_CASE("the scenario that says what a seed draws is the same run, of the zoo") {
  for (const zoo::Specimen& specimen : zoo::all_specimens()) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      CHECK(is_the_same(specimen.broken, Scenario(specimen.broken), seed));
    }
  }
}

TEST_CASE("the scenario that says all says the same again") {
  const Cluster cluster(4);
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Scenario once = spelled_out(cluster.world, cluster.scenario, seed);
    CHECK(spelled_out(cluster.world, once, seed) == once);
  }
}

}  // namespace piccolo::test
