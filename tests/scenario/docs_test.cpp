// docs/scenarios.md tells of every key, with its default, and its examples are right.

#include <fmt/format.h>

#include "catch.hpp"
#include "piccolo/sim/run_world.hpp"
#include "worlds.hpp"

using namespace piccolo;
using namespace piccolo::sim;
using namespace piccolo::test;

namespace {

const std::string page = "docs/scenarios.md";

// A row of the table of keys.
std::string row(const ScenarioKey& key) {
  const std::string section = key.section.empty() ? "" : fmt::format("`[{}]`", key.section);
  return fmt::format("| {} | `{}` | {} | {} | {} |\n", section, key.name, key.value,
                     key.by_default.empty() ? "none" : key.by_default, key.about);
}

// What stands in ```toml blocks.
std::vector<std::string> examples(const std::string& text) {
  std::vector<std::string> all;
  const std::string open = "```toml\n";
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    all.push_back(text.substr(at, text.find("```", at) - at));
  }
  return all;
}

}  // namespace

TEST_CASE("docs: the table of keys is the reader's") {
  const std::string text = text_of_file(page);
  std::size_t at = 0;
  for (const ScenarioKey& key : scenario_keys()) {
    INFO(row(key));
    at = text.find(row(key), at);
    CHECK(at != std::string::npos);
  }
}

TEST_CASE("docs: the examples are scenarios of this world") {
  const auto all = examples(text_of_file(page));
  CHECK(all.size() == 2);
  for (const std::string& example : all) {
    INFO(example);
    const LoadedScenario loaded = read_text(example);
    CHECK(complaint_about(*loaded.world, loaded.scenario) == std::nullopt);
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      CHECK_FALSE(run_world(*loaded.world, loaded.scenario, seed).violation.has_value());
    }
  }
}

TEST_CASE("docs: every shipped scenario is told of") {
  const std::string text = text_of_file(page);
  for (const BuiltInScenario& scenario : built_in_scenarios()) {
    INFO(scenario.name);
    CHECK(text.find(fmt::format("| `{}` | {} |\n", scenario.name, scenario.about)) !=
          std::string::npos);
  }
}
