// The JUnit form that CI systems read: testsuite, testcase, failure, system-out.

#include <fmt/format.h>

#include "piccolo/sim/usage.hpp"
#include "report.hpp"

namespace piccolo::sim {
namespace {

// XML 1.0 has no way to write most control characters.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\n':
        safe += "&#10;";
        break;
      default:
        safe += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
  }
  return safe;
}

// Valid UTF-8 passes; other bytes become visible, line by line.
std::string readable(std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines += one_line(text.substr(0, end));
    if (end < text.size()) lines += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, escaped(readable(value)));
}

std::string seconds(Duration time) {
  return fmt::format("{}.{:03}", time.count() / 1'000'000'000, time.count() / 1'000'000 % 1000);
}

std::string failed_case(const CampaignHead& head, const FailureGroup& group) {
  const RunResult& run = group.examples.front();
  const std::string text =
      fmt::format("{} seeds; seed {} at {} s of virtual time:\n{}\nreplay: {}\nthe shortest: {}\n",
                  group.seeds, run.seed, format_seconds(run.violation->at), run.violation->detail,
                  replay_command(head, run.seed), replay_command(head, group.quickest.seed));
  return fmt::format("  <testcase{}{} time=\"0\">\n    <failure{}{}>{}</failure>\n  </testcase>\n",
                     attribute("classname", head.world), attribute("name", group.signature),
                     attribute("type", run.violation->invariant),
                     attribute("message", group.signature), escaped(readable(text)));
}

std::string passed_case(const Report& report) {
  const SeedRange& seeds = report.head.seeds;
  return fmt::format("  <testcase{} name=\"seeds {}..{}\" time=\"{}\"/>\n",
                     attribute("classname", report.head.world), seeds.first, seeds.last,
                     seconds(report.result.wall_time));
}

std::string blunt_case(const Report& report, std::string_view what) {
  return fmt::format("  <testcase{}{} time=\"0\">\n    <{}/>\n  </testcase>\n",
                     attribute("classname", report.head.world), attribute("name", what),
                     report.head.strict ? "failure message=\"never in any run\" type=\"strict\""
                                        : "skipped message=\"never in any run\"");
}

}  // namespace

std::string junit_report(const Report& report) {
  const RunTotals& totals = report.result.totals;
  std::string cases;
  std::size_t count = 0;
  std::size_t blunt = 0;
  for (const FailureGroup& group : report.result.groups) {
    cases += failed_case(report.head, group);
    ++count;
  }
  if (count == 0) cases += passed_case(report);
  for (const FaultKind kind : toothless(report.head, totals)) {
    cases += blunt_case(report, fmt::format("{} bites", fault_kind_name(kind)));
    ++blunt;
  }
  for (const std::string& name : never_seen(totals)) {
    cases += blunt_case(report, fmt::format("sometimes {}", name));
    ++blunt;
  }
  const std::size_t passed = count == 0 ? 1 : 0;
  const std::size_t failures = count + (report.head.strict ? blunt : 0);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuite{} tests=\"{}\" failures=\"{}\" skipped=\"{}\" errors=\"0\" time=\"{}\">\n"
      "{}  <system-out>{}</system-out>\n</testsuite>\n",
      attribute("name", "piccolo." + report.head.world), count + passed + blunt, failures,
      report.head.strict ? 0 : blunt, seconds(report.result.wall_time), cases,
      escaped(readable(text_report(report))));
}

}  // namespace piccolo::sim
