// tests/regressions: each file breaks its invariant still, or holds now, as it says.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/run_world.hpp"
#include "piccolo/sim/scenario_file.hpp"
#include "zoo.hpp"

namespace piccolo::test {
namespace {

using namespace sim;
namespace fs = std::filesystem;

std::vector<WorldDescription> all_worlds() {
  std::vector<WorldDescription> worlds{cluster_world()};
  for (zoo::Specimen& specimen : zoo::all_specimens()) {
    worlds.push_back(std::move(specimen.broken));
    worlds.push_back(std::move(specimen.correct));
  }
  return worlds;
}

std::vector<fs::path> files() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(PICCOLO_SOURCE_DIR "/tests/regressions")) {
    if (entry.path().extension() == ".toml") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string broken_by(const WorldDescription& world, const Scenario& scenario) {
  const auto run = run_world(world, scenario, scenario.repro->seed);
  return run.violation ? run.violation->invariant : "nothing";
}

}  // namespace

TEST_CASE("regressions: every repro breaks its invariant or holds, as it says") {
  const auto worlds = all_worlds();
  std::size_t of_mistakes = 0;
  for (const fs::path& file : files()) {
    INFO(file.string());
    const auto loaded = parse_scenario(text_of(file), file.string(), worlds);
    if (!loaded) FAIL(loaded.error());
    const Scenario& scenario = loaded->scenario;
    REQUIRE(scenario.repro.has_value());
    const std::string broken = broken_by(*loaded->world, scenario);
    CHECK(broken == (scenario.repro->breaks ? scenario.repro->invariant : "nothing"));
    const auto twin =
        std::ranges::find(worlds, loaded->world->name + ".fixed", &WorldDescription::name);
    if (twin == worlds.end()) continue;
    ++of_mistakes;
    CHECK(broken_by(*twin, scenario) == "nothing");
  }
  CHECK(of_mistakes >= 5);
}

}  // namespace piccolo::test
