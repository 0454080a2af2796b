#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "catch.hpp"
#include "recorded.hpp"
#include "trace_difference.hpp"

namespace piccolo::sim {
namespace {

using test::jsonl_of;
using test::recorded;

std::expected<Recording, std::string> read_text(const std::string& text) {
  std::istringstream stream(text);
  return read_jsonl(stream, "run.jsonl");
}

std::string complaint_of(const std::string& text) {
  const auto recording = read_text(text);
  return recording ? "none" : recording.error();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// The complaint about a file in which one text is another.
std::string complaint_with(const std::string& text, const std::string& instead_of,
                           const std::string& other) {
  const std::size_t at = text.find(instead_of);
  REQUIRE(at != std::string::npos);
  return complaint_of(std::string(text).replace(at, instead_of.size(), other));
}

TEST_CASE("a trace file that is read is the recording without its packets") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Recording recording = recorded(seed);
    const auto read = read_text(jsonl_of(recording));
    REQUIRE(read);
    CHECK(read->packets.empty());
    CHECK(read->events.size() == recording.events.size());
    CHECK(compare_traces(*read, recording).equal());
    CHECK_FALSE(compare_traces(*read, recording).lines);
    recording.packets.clear();
    CHECK(jsonl_of(*read) == jsonl_of(recording));
  }
}

TEST_CASE("each line of a trace file is an object with a type") {
  const Recording recording = recorded(4);
  std::map<std::string, std::size_t> counts;
  for (const std::string& line : lines_of(jsonl_of(recording))) {
    ++counts[nlohmann::json::parse(line).at("type").get<std::string>()];
  }
  CHECK(counts["run"] == 1);
  CHECK(counts["result"] == 1);
  CHECK(counts["host"] == recording.hosts.size());
  CHECK(counts["process"] == recording.processes.size());
  CHECK(counts["fault"] == recording.faults.size());
  CHECK(counts["event"] == recording.events.size());
  CHECK(counts["line"] == recording.lines.size());
  CHECK(counts["packet"] == recording.packets.size());
  CHECK(counts.size() == 8);
}

TEST_CASE("names and texts may hold anything") {
  Recording recording = recorded(1, {.events = 3, .packets = 0, .lines = 1});
  recording.hosts[0].name = "a\"b\\c\nd";
  recording.lines[0].text = "\x01 \xff";
  recording.result.violation = Violation{"rule \"1\"", "one\ntwo", Duration(5), true};
  const auto read = read_text(jsonl_of(recording));
  REQUIRE(read);
  CHECK(read->hosts[0].name == recording.hosts[0].name);
  CHECK(read->lines[0].text == "\x01 \xef\xbf\xbd");
  REQUIRE(read->result.violation);
  CHECK(read->result.violation->detail == "one\ntwo");
  CHECK(read->result.violation->liveness);
}

TEST_CASE("a bad trace file is refused by its line") {
  const Recording recording = recorded(2, {.events = 5, .packets = 2, .lines = 2});
  const std::string text = jsonl_of(recording);
  const std::vector<std::string> lines = lines_of(text);
  CHECK(complaint_of(text) == "none");
  CHECK(complaint_of("") == "run.jsonl:1: the file is empty");
  CHECK(complaint_of("\n") == "run.jsonl:1: this is no JSON object");
  CHECK(complaint_of("[1]\n") == "run.jsonl:1: this is no JSON object");
  CHECK(complaint_of(lines[1] + "\n") == "run.jsonl:1: the first line must be of type `run`");
  CHECK(complaint_of(lines[0] + "\n" + text) == "run.jsonl:2: a second run begins here");
  CHECK(complaint_of(text + lines[1]) ==
        fmt::format("run.jsonl:{}: there is something behind the result", lines.size() + 1));
  const std::vector<std::string> cut(lines.begin(), lines.end() - 1);
  CHECK(complaint_of(joined(cut)) ==
        fmt::format("run.jsonl:{}: the file ends without a result: it was cut off", cut.size()));
  CHECK(complaint_with(text, "\"format\":1", "\"format\":2") ==
        "run.jsonl:1: `format` is not 1: a newer program wrote this");
  CHECK(complaint_with(text, "\"type\":\"host\"", "\"type\":\"most\"") ==
        "run.jsonl:2: type `most` is not known");
  CHECK(complaint_with(text, "\"host\":0", "\"host\":1") ==
        "run.jsonl:2: `host` is 1 where 0 should be");
  CHECK_THAT(complaint_with(text, "\"number\":1,", "\"number\":2,"),
             test::contains_text(": `number` is 2 where 1 should be"));
  CHECK_THAT(complaint_with(text, "\"a\":", "\"a\":-"), test::contains_text(": `a` is no whole"));
  CHECK_THAT(complaint_with(text, "\"b\":", "\"B\":"), test::contains_text(": `b` is missing"));
  CHECK_THAT(complaint_with(text, "\"events\":5", "\"events\":6"),
             test::contains_text(": `events` is 6, but 5 are there"));
  CHECK_THAT(complaint_with(text, "\"v4\":\"10.", "\"v4\":\"ten."),
             test::contains_text("no address"));
}

TEST_CASE("whatever becomes of a trace file its reader refuses it or takes it") {
  const std::string text = jsonl_of(recorded(3, {.events = 40, .packets = 5, .lines = 10}));
  Draws draws(7);
  std::size_t refused = 0;
  for (int round = 0; round < 500; ++round) {
    std::string other = text;
    const std::size_t at = draws.below(other.size());
    if (draws.below(2) == 0) {
      other[at] = static_cast<char>(draws.below(256));
    } else {
      other.erase(at, draws.below(200));
    }
    const auto read = read_text(other);
    if (read) continue;
    ++refused;
    CHECK_THAT(read.error(), test::contains_text("run.jsonl:"));
    CHECK(read.error().find('\n') == std::string::npos);
  }
  CHECK(refused > 100);
}

}  // namespace
}  // namespace piccolo::sim
