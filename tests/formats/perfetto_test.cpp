#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "catch.hpp"
#include "recorded.hpp"

namespace piccolo::sim {
namespace {

using Json = nlohmann::json;
using Thread = std::pair<std::int64_t, std::int64_t>;

Json trace_of(const Recording& recording) {
  return Json::parse(test::written([&](const ByteSink& sink) { write_perfetto(recording, sink); }));
}

Thread thread_of(const Json& event) { return {event.at("pid"), event.at("tid")}; }

// In nanoseconds: the format's microseconds are no integers.
std::int64_t time_of(const Json& event) {
  return static_cast<std::int64_t>(event.at("ts").get<double>() * 1000 + 0.5);
}

TEST_CASE("a timeline has the fields that its format asks of each phase") {
  const Recording recording = test::recorded(2);
  const Json trace = trace_of(recording);
  CHECK(trace.at("displayTimeUnit") == "ns");
  const std::map<std::string, std::set<std::string>> needed{
      {"M", {"pid", "args"}},
      {"i", {"ts", "pid", "tid", "s"}},
      {"X", {"ts", "dur", "pid", "tid"}},
      {"s", {"ts", "pid", "tid", "id", "cat"}},
      {"f", {"ts", "pid", "tid", "id", "cat", "bp"}},
      {"b", {"ts", "pid", "id2", "cat"}},
      {"e", {"ts", "pid", "id2", "cat"}}};
  std::map<std::string, std::size_t> counts;
  for (const Json& event : trace.at("traceEvents")) {
    const auto phase = event.at("ph").get<std::string>();
    const auto found = needed.find(phase);
    REQUIRE(found != needed.end());
    for (const std::string& field : found->second) CHECK(event.contains(field));
    if (phase == "i") CHECK(std::string("gpt").find(event["s"].get<std::string>()) < 3);
    ++counts[phase];
  }
  CHECK(counts.size() == needed.size());
  CHECK(counts["i"] >= recording.lines.size());
}

TEST_CASE("hosts are processes and programs are threads of a timeline") {
  const Recording recording = test::recorded(2);
  std::set<std::string> hosts;
  std::set<std::string> programs;
  const Json trace = trace_of(recording);
  for (const Json& event : trace.at("traceEvents")) {
    if (event.at("name") == "process_name") hosts.insert(event["args"]["name"]);
    if (event.at("name") == "thread_name") programs.insert(event["args"]["name"]);
  }
  for (const RecordedHost& host : recording.hosts) CHECK(hosts.count(host.name) == 1);
  for (const RecordedProcess& process : recording.processes) {
    CHECK(programs.count(process.name) == 1);
  }
}

TEST_CASE("each arrow of a timeline goes from a slice to a later one") {
  const Recording recording = test::recorded(2);
  std::map<std::int64_t, Json> starts;
  std::set<std::pair<Thread, std::int64_t>> slices;
  std::size_t arrived = 0;
  const Json trace = trace_of(recording);
  for (const Json& event : trace.at("traceEvents")) {
    const auto phase = event.at("ph").get<std::string>();
    if (phase == "X") slices.insert({thread_of(event), time_of(event)});
    if (phase == "s") {
      CHECK(starts.emplace(event["id"].get<std::int64_t>(), event).second);
      CHECK(slices.count({thread_of(event), time_of(event)}) == 1);
    }
    if (phase != "f") continue;
    ++arrived;
    const auto start = starts.find(event["id"].get<std::int64_t>());
    REQUIRE(start != starts.end());
    CHECK(time_of(start->second) <= time_of(event));
    CHECK(slices.count({thread_of(event), time_of(event)}) == 1);
  }
  CHECK(arrived == starts.size());
  CHECK(arrived == static_cast<std::size_t>(std::ranges::count(
                       recording.packets, PacketEnd::arrived, &RecordedPacket::end)));
}

TEST_CASE("each fault of a timeline that begins ends on the same host") {
  const Recording recording = test::recorded(4);
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> open;
  std::size_t faults = 0;
  const Json trace = trace_of(recording);
  for (const Json& event : trace.at("traceEvents")) {
    const auto phase = event.at("ph").get<std::string>();
    if (phase != "b" && phase != "e") continue;
    const std::pair key(event["pid"].get<std::int64_t>(), event["id2"]["local"].get<std::string>());
    if (phase == "b") {
      CHECK(open.emplace(key, time_of(event)).second);
      ++faults;
      continue;
    }
    REQUIRE(open.count(key) == 1);
    CHECK(open[key] <= time_of(event));
    open.erase(key);
  }
  CHECK(open.empty());
  CHECK(faults >= recording.faults.size());
}

TEST_CASE("a violation is in the timeline") {
  Recording recording = test::recorded(1, {.events = 1, .packets = 1, .lines = 1});
  recording.result.violation = Violation{"one \"leader\"", "two", Duration(1'234'567), false};
  const Json trace = trace_of(recording);
  const Json& last = trace.at("traceEvents").back();
  CHECK(last.at("name") == "violation of one \"leader\"");
  CHECK(time_of(last) == 1'234'567);
}

}  // namespace
}  // namespace piccolo::sim
