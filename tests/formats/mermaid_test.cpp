#include <algorithm>
#include <sstream>
#include <vector>

#include "catch.hpp"
#include "recorded.hpp"

namespace piccolo::sim {
namespace {

std::vector<std::string> diagram(const Recording& recording, const DiagramWindow& window = {}) {
  std::istringstream text(
      test::written([&](const ByteSink& sink) { write_mermaid(recording, window, sink); }));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

bool is_arrow(const std::string& line) {
  return line.find("->>h") != std::string::npos || line.find("-xh") != std::string::npos;
}

std::size_t arrows(const std::vector<std::string>& lines) {
  return static_cast<std::size_t>(std::ranges::count_if(lines, &is_arrow));
}

bool has(const std::vector<std::string>& lines, std::string_view text) {
  return std::ranges::any_of(
      lines, [text](const std::string& line) { return line.find(text) != std::string::npos; });
}

Recording tiny() {
  Recording recording;
  recording.hosts = {{"n1", {}, {}}, {"a;b#c", {}, {}}, {"end", {}, {}}};
  const auto add = [&recording](std::int64_t at, HostId from, HostId to, PacketEnd end) {
    RecordedPacket& packet = recording.packets.emplace_back();
    packet.view.at = TimePoint(Duration(at));
    packet.view.from = from;
    packet.view.to = to;
    packet.view.payload_bytes = 5;
    packet.end = end;
    packet.sent_event = recording.packets.size();
  };
  add(1'000'000, 0, 1, PacketEnd::arrived);
  add(2'000'000, 1, 0, PacketEnd::lost);
  add(3'000'000, 0, 2, PacketEnd::arrived);
  recording.packets[0].view.tcp.flags.syn = true;
  recording.faults.push_back({FaultKind::hold, {}, {}, "hold n1", {0, 1}});
  recording.lines.push_back({TimePoint(Duration(1'500'000)), 1, LineKind::fault, LogLevel::debug,
                             std::nullopt, std::nullopt, "hold n1; \"now\""});
  return recording;
}

TEST_CASE("a diagram has the hosts and what went between them") {
  CHECK(diagram(tiny()) ==
        std::vector<std::string>{"sequenceDiagram", "  participant h0 as n1",
                                 "  participant h1 as a#59;b#35;c", "  participant h2 as #101;nd",
                                 "  h0->>h1: 0.001000 SYN",
                                 "  Note over h0,h1: 0.001500 hold n1#59; #34;now#34;",
                                 "  h1-xh0: 0.002000 5 bytes", "  h0->>h2: 0.003000 5 bytes"});
}

TEST_CASE("acknowledgements that arrive are left out of a diagram") {
  Recording recording = tiny();
  recording.packets[2].view.payload_bytes = 0;
  CHECK(arrows(diagram(recording)) == 2);
  recording.packets[1].view.payload_bytes = 0;
  CHECK(has(diagram(recording), "h1-xh0: 0.002000 ACK"));
}

TEST_CASE("a diagram shows a window") {
  const auto at = [](std::int64_t micros) { return TimePoint(std::chrono::microseconds(micros)); };
  DiagramWindow window;
  window.from = at(1500);
  window.until = at(2000);
  CHECK(arrows(diagram(tiny(), window)) == 1);
  DiagramWindow of_host;
  of_host.host = 2;
  const auto lines = diagram(tiny(), of_host);
  CHECK(arrows(lines) == 1);
  CHECK(has(lines, "participant h0"));
  CHECK_FALSE(has(lines, "h1"));
}

TEST_CASE("a diagram has so many arrows at most and says how many more there were") {
  const Recording recording = test::recorded(2);
  const auto lines = diagram(recording);
  CHECK(arrows(lines) == 60);
  CHECK(has(lines, " later arrows are left out"));
  DiagramWindow all;
  all.arrows_max = 1'000'000;
  CHECK(arrows(diagram(recording, all)) > 60);
  DiagramWindow few;
  few.arrows_max = 2;
  CHECK(has(diagram(tiny(), few), ": 1 later arrows are left out"));
}

TEST_CASE("a diagram of a run that broke something ends there") {
  Recording recording = tiny();
  recording.result.violation = Violation{"rule", "why\nmore", Duration(2'000'000), false};
  DiagramWindow one;
  one.arrows_max = 1;
  const auto lines = diagram(recording, one);
  CHECK(has(lines, ": 1 earlier arrows are left out"));
  CHECK(has(lines, "h1-xh0: 0.002000"));
  CHECK_FALSE(has(lines, "0.003000"));
  CHECK(lines.back() == "  Note over h0,h2: 0.002000 violation of rule: why");
}

TEST_CASE("a diagram of nothing is one") {
  CHECK(diagram(Recording()) == std::vector<std::string>{"sequenceDiagram"});
}

}  // namespace
}  // namespace piccolo::sim
