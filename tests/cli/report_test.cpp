// What `piccolo sim` says of a violation: the program's own node commits none.

#include "report.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"

namespace piccolo::cli {
namespace {

using test::contains_text;

RunResult broken(std::uint64_t seed, std::string invariant, bool liveness) {
  RunResult run;
  run.seed = seed;
  run.trace_hash = 0xabc;
  run.violation =
      Violation{std::move(invariant), "n1 did it", std::chrono::milliseconds(1500), liveness};
  return run;
}

Report report_of(std::vector<RunResult> violations) {
  Report report;
  report.program = "bin/piccolo";
  report.world.nodes = 3;
  report.world.faults = FaultSet::none();
  report.world.faults.add(FaultKind::hup);
  report.seeds = SeedRange{1, 100};
  report.result.seeds = 100;
  report.result.violated = violations.size();
  report.result.violations = std::move(violations);
  return report;
}

}  // namespace

TEST_CASE("the exit code is 0 when all held") { CHECK(exit_code_of(report_of({})) == 0); }

TEST_CASE("the exit code is 1 when an invariant broke") {
  CHECK(exit_code_of(report_of({broken(4, "echo", false)})) == 1);
  const auto both = report_of({broken(4, "reconnect", true), broken(5, "echo", false)});
  CHECK(exit_code_of(both) == 1);
}

TEST_CASE("the exit code is 3 when only liveness broke") {
  const auto two = report_of({broken(4, "reconnect", true), broken(5, "clean_stop", true)});
  CHECK(exit_code_of(two) == 3);
}

TEST_CASE(
    "a sweep is held to its faults when it is strict: the exit code is 6 when one never bit") {
  Report report = report_of({});
  CHECK(exit_code_of(report) == 0);
  report.strict = true;
  CHECK(exit_code_of(report) == 6);
  CHECK(toothless(report) == std::vector{FaultKind::hup});
  report.result.counts.faults[FaultKind::hup].observed = 1;
  CHECK(exit_code_of(report) == 0);
  CHECK(toothless(report).empty());
  Report broke = report_of({broken(4, "echo", false)});
  broke.strict = true;
  CHECK(exit_code_of(broke) == 1);
}

TEST_CASE("listed faults are in the command that replays, quoted for a shell") {
  Report report = report_of({broken(42, "echo", false)});
  const std::vector<ListedFault> lines{{"", "2s isolate n1 for 3s"}};
  report.world.listed = parse_fault_plan(lines, listed_scene(report.world)).value();
  CHECK_THAT(
      text_report(report),
      contains_text("replay 42 --nodes 3 --duration 30s --fault \"2s isolate n1 for 3s\"\n"));
}

TEST_CASE("a violation is told with its seed, invariant, virtual time and replay command") {
  const std::string text = text_report(report_of({broken(42, "echo", false)}));
  CHECK_THAT(text, contains_text("seed 42"));
  CHECK_THAT(text, contains_text("`echo`"));
  CHECK_THAT(text, contains_text("1.500000 s"));
  CHECK_THAT(text, contains_text("n1 did it"));
  CHECK_THAT(text, contains_text("bin/piccolo replay 42 --nodes 3 --duration 30s --faults hup\n"));
  CHECK_THAT(text, contains_text("1 of 100 seeds BROKE"));
}

TEST_CASE("many violations are counted, and the first are told") {
  std::vector<RunResult> violations;
  for (std::uint64_t seed = 1; seed <= 25; ++seed)
    violations.push_back(broken(seed, "echo", false));
  const std::string text = text_report(report_of(std::move(violations)));
  CHECK_THAT(text, contains_text("seed 10 broke"));
  CHECK_THAT(text, !contains_text("seed 11 broke"));
  CHECK_THAT(text, contains_text("and 15 more seeds"));
  CHECK_THAT(text, contains_text("25 of 100 seeds BROKE"));
}

TEST_CASE("a fault that never bit is told") {
  Report report = report_of({});
  report.result.counts.faults[FaultKind::hup].injected = 7;
  CHECK_THAT(text_report(report), contains_text("never bit"));
  report.result.counts.faults[FaultKind::hup].observed = 1;
  CHECK_THAT(text_report(report), !contains_text("never bit"));
}

TEST_CASE("a violation in JSON has the keys that scripts rely on") {
  const auto parsed = nlohmann::json::parse(json_report(report_of({broken(42, "echo", false)})));
  CHECK(parsed.at("seeds") == 100);
  REQUIRE(parsed.at("violations").size() == 1);
  const auto& violation = parsed.at("violations").at(0);
  CHECK(violation.at("seed") == 42);
  CHECK(violation.at("invariant") == "echo");
  CHECK(violation.at("virtual_time_ns") == 1'500'000'000);
  CHECK(violation.at("replay") == "bin/piccolo replay 42 --nodes 3 --duration 30s --faults hup");
  CHECK(parsed.at("faults").at("hup").at("injected") == 0);
  CHECK(parsed.at("faults").at("hup").at("observed") == 0);
  for (const char* const key : {"events", "virtual_ns", "wall_ns"}) {
    CHECK(parsed.at(key).is_number_integer());
  }
}

TEST_CASE("a single run that broke ends in its trace hash") {
  Report report = report_of({broken(42, "echo", false)});
  report.single = true;
  report.seeds = SeedRange{42, 42};
  report.result.seeds = 1;
  report.trace_hash = 0xabc;
  const std::string text = text_report(report);
  CHECK_THAT(text, contains_text("seed 42 BROKE"));
  CHECK(text.ends_with("trace hash: 0000000000000abc\n"));
}

}  // namespace piccolo::cli
