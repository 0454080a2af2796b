// A repro as a file, and as a test.

#include <fmt/format.h>

#include "piccolo/core/printable.hpp"
#include "piccolo/sim/scenario_file.hpp"
#include "piccolo/sim/shrink.hpp"

namespace piccolo::sim {
namespace {

std::string count(std::uint64_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string first_line(const std::string& text) {
  return printable(text.substr(0, text.find('\n')), 300);
}

std::string origin(const ShrinkResult& result, std::string_view world) {
  const ShrinkSize& before = result.before;
  const ShrinkSize& after = result.after;
  return fmt::format(
      "# Shrunk from seed {} of the world {}: {} to {}, {} to {}, {} to {} in which they strike.\n",
      result.scenario.repro->seed, world, count(before.faults, "fault"), after.faults,
      count(before.hosts, "host"), after.hosts, format_duration(before.duration),
      format_duration(after.duration));
}

std::string sureness(const ShrinkResult& result) {
  if (result.others == 0) return {};
  return fmt::format("# Breaks with {} of {} other seeds.\n", result.others_broken, result.others);
}

std::string cut_short(const ShrinkResult& result) {
  switch (result.end) {
    case ShrinkEnd::smallest:
      return {};
    case ShrinkEnd::runs_max:
      return "# Cut short by the limit of runs: less may break it as well.\n";
    case ShrinkEnd::time_budget:
      return "# Cut short when the time was over: less may break it as well.\n";
    case ShrinkEnd::interrupted:
      return "# Cut short by an interruption: less may break it as well.\n";
  }
  return {};
}

constexpr std::string_view test_case =
    R"test(// {name}, by `{program} shrink --emit-test`. It fails while the invariant breaks.
// `worlds()` gives the program's worlds, std::vector<piccolo::sim::WorldDescription>.

#include "piccolo/sim/run_world.hpp"
#include "piccolo/sim/scenario_file.hpp"

TEST_CASE("repro: {name}") {{
  const auto all = worlds();
  const auto loaded = piccolo::sim::parse_scenario(R"toml({toml})toml",
                                                   "repro.toml", all);
  REQUIRE(loaded.has_value());
  const auto& [world, scenario] = *loaded;
  const auto run = piccolo::sim::run_world(*world, scenario, scenario.repro->seed);
  const auto broken = run.violation ? run.violation->invariant : "nothing";
  CHECK(broken != scenario.repro->invariant);
}}
)test";

}  // namespace

std::string repro_toml(const ShrinkResult& result, std::string_view world, std::string_view program,
                       std::string_view file) {
  const Violation& violation = result.violation;
  return fmt::format("# Breaks {} at {}: {}\n", violation.invariant, format_duration(violation.at),
                     first_line(violation.detail)) +
         origin(result, world) + sureness(result) + cut_short(result) +
         fmt::format("# Run it: {} replay {}\n\n", program, file) + to_toml(result.scenario, world);
}

std::string repro_test_case(const ShrinkResult& result, std::string_view world,
                            std::string_view program) {
  const std::string name =
      fmt::format("{} shrunk from seed {}", world, result.scenario.repro->seed);
  return fmt::format(fmt::runtime(test_case), fmt::arg("name", name), fmt::arg("program", program),
                     fmt::arg("toml", repro_toml(result, world, program, "repro.toml")));
}

}  // namespace piccolo::sim
