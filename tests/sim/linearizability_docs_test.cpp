// What an explanation looks like, and that docs/history.md shows the truth.

#include <algorithm>
#include <fstream>
#include <sstream>

#include "history_script.hpp"
#include "piccolo/sim/linearizability.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

using namespace std::chrono_literals;

std::string file_text(const std::string& path) {
  std::ifstream file(PICCOLO_SOURCE_DIR "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The first part of `text` between two markers.
std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  REQUIRE(begin != std::string::npos);
  const std::size_t start = begin + from.size();
  const std::size_t end = text.find(to, start);
  REQUIRE(end != std::string::npos);
  return text.substr(start, end - start);
}

sim::LinearizabilityResult documented_example() {
  // clang-format off
  // The example begins.
using Register = piccolo::sim::RegisterModel<>;
piccolo::sim::History<Register> history;
piccolo::TimePoint now;  // in a simulation, the world's

const auto write = history.call("alice", Register::write(1), now += 1ms);
history.returned(write, Register::done(), now += 4ms);
history.call("bob", Register::write(2), now += 1ms);  // times out, so it is never returned
for (const int seen : {1, 2, 1}) {
  const auto read = history.call("carol", Register::read(), now += 1ms);
  history.returned(read, Register::got(seen), now += 2ms);
}
const auto result = piccolo::sim::check_linearizable(history);
  // The example ends.
  // clang-format on
  return result;
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto characters = std::count_if(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    });
    widest = std::max(widest, static_cast<std::size_t>(characters));
  }
  return widest;
}

}  // namespace

TEST_CASE("the example of the documentation is this one, and prints what it says") {
  const std::string docs = file_text("docs/history.md");
  const std::string here = file_text("tests/sim/linearizability_docs_test.cpp");
  CHECK(between(docs, "```cpp\n", "```") ==
        between(here, "// The example begins.\n", "  // The example ends."));
  const auto result = documented_example();
  CHECK(result.verdict == sim::Verdict::not_linearizable);
  CHECK(between(docs, "```text\n", "```") == result.explanation);
}

TEST_CASE("an explanation fits 80 columns, whatever values and names there are") {
  using Texts = sim::MapModel<std::string, std::string>;
  Script<Texts> script;
  const std::string wide = "ü\n" + std::string(100, 'x') + "ü";
  script.now = TimePoint(std::chrono::hours(100'000));
  script.did(wide, Texts::put(wide, wide), Texts::done());
  script.call(wide, Texts::put(wide, wide));
  script.did(wide, Texts::get(wide), Texts::got(std::nullopt));
  const auto result = sim::check_linearizable(script.history);
  INFO(result.explanation);
  CHECK(widest_line(result.explanation) == 80);
  CHECK_THAT(result.explanation, contains_text("not linearizable: key \"ü\\nxxxxxxxxx...: no"));
  const auto undecided = sim::check_linearizable(script.history, {.steps = 1});
  INFO(undecided.explanation);
  CHECK(widest_line(undecided.explanation) == 80);
  CHECK_THAT(undecided.explanation, contains_text(": no answer within 1 steps\n"));
}

TEST_CASE("an explanation is cut around the culprit and says what it leaves out") {
  Script<Register> script;
  for (int index = 1; index <= 50; ++index) script.call("lost", Register::write(-index));
  for (int index = 1; index <= 100; ++index) {
    script.did("a", Register::write(index), Register::done());
  }
  script.did("b", Register::read(), Register::got(99));
  for (int index = 1; index <= 30; ++index) script.did("a", Register::read(), Register::got(100));
  const auto result = sim::check_linearizable(script.history);
  INFO(result.explanation);
  CHECK(std::ranges::count(result.explanation, '\n') == 1 + 1 + 20 + 1 + 1);
  CHECK_THAT(result.explanation, contains_text("\n     91  a "));
  CHECK_THAT(result.explanation, contains_text("\n    100  a "));
  CHECK_THAT(result.explanation, contains_text("\n>     -  b "));
  CHECK_THAT(result.explanation,
             contains_text("longest order found: 100 of 181 operations, then the state is 100\n"));
  CHECK_THAT(result.explanation,
             contains_text("not shown: 90 placed before, 41 not placed, 30 called later\n"));
  const auto brief = sim::check_linearizable(script.history, {.shown = 0});
  CHECK(std::ranges::count(brief.explanation, '\n') == 1 + 1 + 2 + 1 + 1);
}

TEST_CASE("verdicts have names") {
  CHECK(sim::verdict_name(sim::Verdict::linearizable) == "linearizable");
  CHECK(sim::verdict_name(sim::Verdict::not_linearizable) == "not linearizable");
  CHECK(sim::verdict_name(sim::Verdict::undecided) == "undecided");
}

}  // namespace piccolo::test
