// The scenarios that are shipped do what they are for.

#include <fmt/format.h>

#include "catch.hpp"
#include "piccolo/sim/run_world.hpp"
#include "worlds.hpp"

using namespace piccolo;
using namespace piccolo::sim;
using namespace piccolo::test;

namespace {

// The kinds that a scenario is about: each must bite.
FaultSet characteristic(const std::string& name, const Scenario& scenario) {
  // No node of this world reads the wall clock.
  if (name == "the-works") return FaultSet::parse("all,-clock-step").value();
  return enabled_faults(scenario);
}

// What a run does besides: a core may be drawn, and what is not of it stays broken.
bool may_be_of_the_core(FaultKind kind, const Scenario& scenario) {
  return scenario.heal != Heal::all &&
         FaultSet::parse("partition,pause,power-loss").value().has(kind);
}

RunTotals run_seeds(const LoadedScenario& loaded, std::uint64_t seeds) {
  RunTotals totals;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const RunResult result = run_world(*loaded.world, loaded.scenario, seed);
    INFO("seed " << seed);
    if (result.violation)
      FAIL_CHECK(result.violation->invariant << ": " << result.violation->detail);
    totals.add(result.totals);
  }
  return totals;
}

}  // namespace

TEST_CASE("shipped: each scenario holds, and its faults bite") {
  const BuiltInScenario scenario = GENERATE(from_range(built_in_scenarios()));
  INFO(scenario.name);
  const auto loaded = load_scenario(scenario.name, only_piccolo());
  REQUIRE(loaded);
  CHECK(complaint_about(*loaded->world, loaded->scenario) == std::nullopt);
  const FaultSet kinds = characteristic(scenario.name, loaded->scenario);
  const RunTotals totals = run_seeds(*loaded, 20);
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    INFO(fault_kind_name(kind));
    const FaultCount& count = totals.faults[kind];
    if (kinds.has(kind)) {
      CHECK(count.injected > 0);
      CHECK(count.observed > 0);
    } else if (scenario.name != "the-works" && !may_be_of_the_core(kind, loaded->scenario)) {
      CHECK(count.injected == 0);
    }
  }
}

TEST_CASE("shipped: what names no hosts is good for any world") {
  int general = 0;
  for (const BuiltInScenario& scenario : built_in_scenarios()) {
    INFO(scenario.name);
    const std::span toy = two_worlds().last(1);
    const auto loaded = load_scenario(scenario.name, toy);
    const bool names_hosts = scenario.text.find("[faults]\nlist") != std::string::npos;
    CHECK(loaded.has_value() != names_hosts);
    if (!loaded) continue;
    ++general;
    CHECK(complaint_about(*loaded->world, loaded->scenario) == std::nullopt);
  }
  CHECK(general == 6);
}

TEST_CASE("shipped: a rate without the swarm is that of every seed") {
  const auto strikes = [](const std::string& rate, std::uint64_t seed) {
    const LoadedScenario loaded = read_text(
        "duration = '60s'\nheal = 'all'\n[faults]\nkinds = 'loss'\nswarm = false\n"
        "[faults.loss]\nrate = '" +
        rate + "'\n");
    const RunResult result = run_world(*loaded.world, loaded.scenario, seed);
    return result.totals.faults[FaultKind::loss].injected;
  };
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CHECK(strikes("0 per minute", seed) == 0);
    // What goes both ways counts twice.
    CHECK(strikes("10 per minute", seed) >= 10);
    CHECK(strikes("10 per minute", seed) <= 20);
  }
}
