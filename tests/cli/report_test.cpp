// What `piccolo sim` says of a violation: the program's own node commits none.

#include "report.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "piccolo/sim/usage.hpp"

namespace piccolo::sim {
namespace {

using test::contains_text;

RunResult broken(std::uint64_t seed, std::string invariant, bool liveness) {
  RunResult run;
  run.seed = seed;
  run.trace_hash = 0xabc;
  run.totals.runs = 1;
  run.totals.events = 1000 - seed;
  run.violation =
      Violation{std::move(invariant), "n1 did it", std::chrono::milliseconds(1500), liveness};
  return run;
}

CampaignHead head_of_test() {
  CampaignHead head;
  head.program = "bin/piccolo";
  head.world = "piccolo";
  head.flags = "--nodes 3 --duration 30s --faults hup";
  head.faults.add(FaultKind::hup);
  head.seeds = SeedRange{1, 100};
  return head;
}

Report report_of(const std::vector<RunResult>& violations) {
  Report report;
  report.head = head_of_test();
  report.result.planned = 100;
  report.result.totals.runs = 100 - violations.size();
  for (const RunResult& run : violations) report.result.add(run);
  return report;
}

}  // namespace

TEST_CASE("the exit code is 0 when all held") { CHECK(exit_code_of(report_of({})) == exit_held); }

TEST_CASE("the exit code is 1 when an invariant broke") {
  CHECK(exit_code_of(report_of({broken(4, "echo", false)})) == exit_broke);
  const auto both = report_of({broken(4, "reconnect", true), broken(5, "echo", false)});
  CHECK(exit_code_of(both) == exit_broke);
}

TEST_CASE("the exit code is 3 when only liveness broke") {
  const auto two = report_of({broken(4, "reconnect", true), broken(5, "clean_stop", true)});
  CHECK(exit_code_of(two) == exit_liveness);
}

TEST_CASE("the exit code is 4 when a run was not deterministic, and nothing worse was") {
  CHECK(exit_code_of(report_of({broken(4, "deterministic", false)})) == exit_not_deterministic);
  const auto with_liveness =
      report_of({broken(4, "deterministic", false), broken(5, "reconnect", true)});
  CHECK(exit_code_of(with_liveness) == exit_not_deterministic);
  const auto worse = report_of({broken(4, "deterministic", false), broken(5, "echo", false)});
  CHECK(exit_code_of(worse) == exit_broke);
}

TEST_CASE("the exit code is 130 when nothing broke until the campaign was interrupted") {
  Report report = report_of({});
  report.result.end = CampaignEnd::interrupted;
  CHECK(exit_code_of(report) == exit_interrupted);
  Report broke = report_of({broken(4, "echo", false)});
  broke.result.end = CampaignEnd::interrupted;
  CHECK(exit_code_of(broke) == exit_broke);
}

TEST_CASE(
    "a campaign is held to its faults when it is strict: the exit code is 6 when one is not") {
  Report report = report_of({});
  CHECK(exit_code_of(report) == exit_held);
  report.head.strict = true;
  CHECK(exit_code_of(report) == exit_toothless);
  CHECK(toothless(report.head, report.result.totals) == std::vector{FaultKind::hup});
  report.result.totals.faults[FaultKind::hup].observed = 1;
  CHECK(exit_code_of(report) == exit_held);
  CHECK(toothless(report.head, report.result.totals).empty());
  Report broke = report_of({broken(4, "echo", false)});
  broke.head.strict = true;
  CHECK(exit_code_of(broke) == exit_broke);
}

TEST_CASE("a campaign that never saw what it should says so, and fails when it is strict") {
  Report report = report_of({});
  report.result.totals.faults[FaultKind::hup].observed = 1;
  report.result.totals.sometimes = {{"failover", 0}, {"retry", 3}};
  CHECK_THAT(text_report(report), contains_text("note: `failover` was never seen in any run"));
  CHECK_THAT(text_report(report), contains_text("sometimes `retry`: in 3 runs"));
  CHECK(exit_code_of(report) == exit_held);
  report.head.strict = true;
  CHECK(exit_code_of(report) == exit_toothless);
}

TEST_CASE("a violation is told with its seed, invariant, virtual time and replay command") {
  const std::string text = text_report(report_of({broken(42, "echo", false)}));
  CHECK_THAT(text, contains_text("seed 42 broke `echo` at 1.500000 s: n1 did it\n"));
  CHECK_THAT(text, contains_text("bin/piccolo replay 42 --nodes 3 --duration 30s --faults hup\n"));
  CHECK_THAT(text, contains_text("1 of 100 seeds BROKE"));
}

TEST_CASE("the further lines of what broke an invariant are told, indented") {
  RunResult run = broken(42, "echo", false);
  run.violation->detail = "n1 did it\nline 2\n\nline 4";
  CHECK_THAT(text_report(report_of({run})),
             contains_text("n1 did it\n    line 2\n    \n    line 4\n  replay:"));
}

TEST_CASE("seeds that broke alike are one group: told once, counted, with the shortest named") {
  std::vector<RunResult> violations;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    violations.push_back(broken(seed, "echo", false));
    violations.back().violation->detail = "n" + std::to_string(seed) + " did it";
  }
  const std::string text = text_report(report_of(violations));
  CHECK_THAT(text, contains_text("seed 1 broke"));
  CHECK_THAT(text, !contains_text("seed 2 broke"));
  CHECK_THAT(text, contains_text("likewise 24 more: 2 3 4 …; the shortest is 25 (975 events)"));
  CHECK_THAT(text, contains_text("25 of 100 seeds BROKE"));
}

TEST_CASE("a campaign that did not come to all its seeds says so") {
  Report report = report_of({});
  report.result.totals.runs = 60;
  report.result.end = CampaignEnd::time_budget;
  CHECK_THAT(text_report(report), contains_text("the time was over after 60 of 100 seeds"));
  report.result.end = CampaignEnd::interrupted;
  CHECK_THAT(text_report(report), contains_text("interrupted after 60 of 100 seeds"));
  report.result.end = CampaignEnd::failures_max;
  CHECK_THAT(text_report(report), contains_text("stopped after 60 of 100 seeds"));
}

TEST_CASE("a fault that never bit is told") {
  Report report = report_of({});
  report.result.totals.faults[FaultKind::hup].injected = 7;
  CHECK_THAT(text_report(report), contains_text("never bit"));
  report.result.totals.faults[FaultKind::hup].observed = 1;
  CHECK_THAT(text_report(report), !contains_text("never bit"));
}

TEST_CASE("a violation in JSON has the keys that scripts rely on") {
  const auto parsed = nlohmann::json::parse(json_report(report_of({broken(42, "echo", false)})));
  CHECK(parsed.at("seeds") == 100);
  CHECK(parsed.at("failed") == 1);
  REQUIRE(parsed.at("failures").size() == 1);
  CHECK(parsed.at("failures").at(0).at("signature") == "echo: n# did it");
  const auto& violation = parsed.at("failures").at(0).at("examples").at(0);
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
  const std::string text = text_of_run(head_of_test(), broken(42, "echo", false));
  CHECK_THAT(text, contains_text("seed 42 BROKE"));
  CHECK(text.ends_with("trace hash: 0000000000000abc\n"));
}

TEST_CASE("JUnit has a failing case for each group, and escapes what XML cannot hold") {
  RunResult odd = broken(7, "<order> & \"such\"", false);
  odd.violation->detail =
      "a\x01"
      "b\xff\nc";
  const std::string text = junit_report(report_of({broken(3, "echo", false), odd}));
  CHECK_THAT(text, contains_text("tests=\"3\" failures=\"2\" skipped=\"1\""));
  CHECK_THAT(text, contains_text("name=\"echo: n# did it\""));
  CHECK_THAT(text, contains_text("&lt;order&gt; &amp; &quot;such&quot;"));
  CHECK_THAT(text, contains_text("a\\x01b\\xff&#10;c"));
  const bool printable = std::ranges::all_of(text, [](char c) {
    return c == '\n' || (c >= ' ' && static_cast<unsigned char>(c) != 0xff);
  });
  CHECK(printable);
}

TEST_CASE("JUnit has one passing case when all held") {
  Report report = report_of({});
  report.result.totals.faults[FaultKind::hup].observed = 1;
  const std::string text = junit_report(report);
  CHECK_THAT(text, contains_text("tests=\"1\" failures=\"0\" skipped=\"0\""));
  CHECK_THAT(text, contains_text("name=\"seeds 1..100\""));
}

}  // namespace piccolo::sim
