// Scenarios that say who stays broken, how hosts are laid out, and what kernels they have.

#include "catch.hpp"
#include "cluster.hpp"

namespace piccolo::test {
namespace {

using namespace sim;

std::string complaint(const Cluster& cluster, const std::vector<std::string>& lines,
                      Heal heal = Heal::core) {
  Scenario scenario = cluster.scenario;
  scenario.heal = heal;
  scenario.listed.emplace();
  for (const std::string& line : lines) scenario.broken.push_back({"place", line});
  return complaint_about(cluster.world, scenario).value_or("none");
}

std::vector<std::string> healing(const Cluster& cluster, const Scenario& scenario) {
  std::vector<std::string> told;
  Narrator narrator(
      [&](std::string_view line) {
        if (line.find("healed") != std::string_view::npos) told.emplace_back(line);
      },
      LogLevel::off);
  run_world(cluster.world, scenario, 3, &narrator);
  return told;
}

}  // namespace

TEST_CASE("the hosts that a scenario names stay broken, as it says, and the others must get on") {
  const Cluster cluster(5, FaultSet::none());
  Scenario scenario = cluster.scenario;
  scenario.listed.emplace();
  scenario.heal = Heal::core;
  scenario.broken = {{"place", "n2 cut off"}, {"place", "n4 without power"}};
  const auto told = healing(cluster, scenario);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told.front(),
             contains_text("healed the core of n1, n3, n5; n2 cut off, n4 without power:"));
  CHECK_FALSE(run_world(cluster.world, scenario, 3).violation.has_value());
}

TEST_CASE("hosts that stay broken make sense, or are refused by one line") {
  const Cluster cluster(5);
  CHECK(complaint(cluster, {"n1 paused", "n2 unheard", "n3 deaf"}) == "none");
  CHECK_THAT(complaint(cluster, {"n9 paused"}), contains_text("place: `n9` is no host"));
  CHECK_THAT(complaint(cluster, {"n1 asleep"}), contains_text("`n1 asleep` says not how"));
  CHECK_THAT(complaint(cluster, {"n1"}), contains_text("`n1` says not how"));
  CHECK_THAT(complaint(cluster, {""}), contains_text("`` is no host"));
  CHECK_THAT(complaint(cluster, {"n1 paused", "n1 deaf"}), contains_text("named twice"));
  CHECK_THAT(complaint(cluster, {"n1 paused", "n2 deaf", "n3 deaf", "n4 deaf"}),
             contains_text("a core takes 2 hosts, and of 5 there would be 1 left"));
  CHECK_THAT(complaint(cluster, {"n1 paused"}, Heal::all), contains_text("heal = \"core\""));
}

TEST_CASE("with kernels as usual the seed draws none") {
  const Cluster cluster(3, FaultSet::none());
  Scenario scenario = cluster.scenario;
  const auto kernels = [&] {
    std::size_t plain = 0;
    Narrator narrator(
        [&](std::string_view line) {
          if (line.find("buffers 65536/65536, segments 1448, wakes readers within 0s") !=
              std::string_view::npos) {
            ++plain;
          }
        },
        LogLevel::off);
    scenario.listed.emplace();
    run_world(cluster.world, scenario, 3, &narrator);
    return plain;
  };
  CHECK(kernels() < 3);
  scenario.usual_kernels = true;
  CHECK(kernels() == 3);
}

TEST_CASE("a drawn layout stays one although faults are listed") {
  const Cluster cluster(5);
  Scenario scenario = cluster.scenario;
  scenario.listed.emplace();
  std::size_t differ = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Scenario drawn = scenario;
    drawn.layout_drawn = true;
    const auto one = run_world(cluster.world, scenario, seed);
    const auto other = run_world(cluster.world, drawn, seed);
    if (one.trace_hash != other.trace_hash) ++differ;
  }
  CHECK(differ > 3);
}

}  // namespace piccolo::test
