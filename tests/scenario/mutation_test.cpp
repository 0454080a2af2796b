// Whatever the bytes, they are a scenario or refused by one line that says where.

#include <string>
#include <vector>

#include "property.hpp"
#include "worlds.hpp"

using namespace piccolo;
using namespace piccolo::sim;
using namespace piccolo::test;

namespace {

// Throws rapidcheck's failure unless the outcome is one of the two that are promised.
void check_outcome(const std::string& text) {
  const auto loaded = parse_scenario(text, "some file.toml", two_worlds());
  if (loaded) {
    const auto again = parse_scenario(to_toml(loaded->scenario, loaded->world->name),
                                      "some file.toml", two_worlds());
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->scenario == loaded->scenario);
    return;
  }
  const std::string& error = loaded.error();
  RC_LOG() << error << "\n";
  const std::string source = "some file.toml:";
  RC_ASSERT(error.starts_with(source));
  RC_ASSERT(error.find('\n') == std::string::npos);
  RC_ASSERT(error.find('\0') == std::string::npos);
  RC_ASSERT(error.size() < 2000U);
  std::size_t at = source.size();
  for (int number = 0; number < 2; ++number) {
    const std::size_t end = error.find_first_not_of("0123456789", at);
    RC_ASSERT(end != at);
    RC_ASSERT(error.at(end) == ':');
    RC_ASSERT(error.at(at) != '0');
    at = end + 1;
  }
  RC_ASSERT(error.at(at) == ' ');
}

// A file that has everything, besides those that are shipped.
const std::string with_everything = R"toml(about = "everything"
world = "piccolo"
duration = "30s"
heal = "core"
order = "pct(3)"
buggify = false
events_max = 1000
[parameters]
nodes = 4
[link]
latency = "1ms"
spread = "300us"
shape = "uniform"
loss = "0.1%"
duplicate = "0.1%"
reorder = "1%"
reorder_by = "1ms"
bandwidth = "1MB/s"
queue = "256KiB"
mtu = 1500
[[links]]
between = ["n1", "n2"]
loss = "1%"
[[links]]
from = "n1"
to = "n3"
[faults]
kinds = ["hup", "partition"]
swarm = false
[repro]
seed = 7
invariant = "linearizable"
expect = "breaks"
[faults.partition]
rate = "2 per minute"
from = "5s"
until = "20s"
)toml";

rc::Gen<std::string> a_file() {
  std::vector<std::string> texts{with_everything};
  for (const BuiltInScenario& scenario : built_in_scenarios()) texts.push_back(scenario.text);
  return rc::gen::elementOf(texts);
}

rc::Gen<std::string> a_piece() {
  return rc::gen::elementOf(std::vector<std::string>{"[",
                                                     "]",
                                                     "[[",
                                                     "]]",
                                                     "{",
                                                     "}",
                                                     "=",
                                                     ".",
                                                     ",",
                                                     "\"",
                                                     "'",
                                                     "'''",
                                                     "#",
                                                     "\n",
                                                     "\r\n",
                                                     "\\",
                                                     "\\u0000",
                                                     "link",
                                                     "links",
                                                     "faults",
                                                     "kinds",
                                                     "list",
                                                     "true",
                                                     "-1",
                                                     "0x",
                                                     "1e9",
                                                     "nan",
                                                     "07:32",
                                                     "\xFF",
                                                     "\x01",
                                                     "[link]\n",
                                                     "[faults.hup]\n",
                                                     "%",
                                                     "/s",
                                                     " per ",
                                                     "99999999999999999999",
                                                     "é",
                                                     "[[links]]\n",
                                                     "a.b.c.d.e.f.g.h.i",
                                                     "\nlist = []\n",
                                                     "all,-",
                                                     "none,",
                                                     "9223372036854775807"});
}

// One edit of the kind that a person, a merge or a bad disk makes.
std::string mutated(std::string text) {
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
  const auto count = *rc::gen::inRange<std::size_t>(0, 20);
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return text.erase(at, count);
    case 1:
      return text.insert(at, *a_piece());
    case 2:
      return text.insert(at,
                         text.substr(*rc::gen::inRange<std::size_t>(0, text.size() + 1), count));
    case 3:
      return text.insert(at, 1, *rc::gen::arbitrary<char>());
    default:
      return text.substr(0, at) + *a_piece() + text.substr(std::min(text.size(), at + count));
  }
}

}  // namespace

TEST_CASE("mutations: files with a few mistakes") {
  rc::prop("mutated files", [] {
    std::string text = *a_file();
    const int edits = *rc::gen::inRange(1, 5);
    for (int edit = 0; edit < edits; ++edit) text = mutated(std::move(text));
    check_outcome(text);
  });
}

TEST_CASE("mutations: lines in any order, left out or doubled") {
  rc::prop("shuffled lines", [] {
    const std::string file = *a_file();
    std::vector<std::string> lines(1);
    for (const char c : file) {
      lines.back() += c;
      if (c == '\n') lines.emplace_back();
    }
    std::string text;
    for (const auto& line :
         *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(lines)))
      text += line;
    check_outcome(text);
  });
}

TEST_CASE("mutations: any bytes at all, and pieces of TOML") {
  rc::prop("bytes", [](const std::string& text) { check_outcome(text); });
  rc::prop("pieces", [] {
    std::string text;
    for (const auto& piece : *rc::gen::container<std::vector<std::string>>(a_piece()))
      text += piece;
    check_outcome(text);
  });
}
