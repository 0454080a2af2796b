#include "piccolo/sim/parameters.hpp"

#include "property.hpp"
#include "unit/death.hpp"

namespace piccolo::test {
namespace {

using sim::Parameter;
using sim::Parameters;
using std::chrono::milliseconds;
using std::chrono::seconds;

Parameters some() {
  return Parameters(
      {Parameter::count("nodes", "Nodes", 5, 2, 64),
       Parameter::time("lease", "How long", milliseconds(1500), milliseconds(1), seconds(60))});
}

std::string wrong(std::string_view name, std::string_view text) {
  Parameters parameters = some();
  const auto set = parameters.set(name, text);
  CHECK((set.has_value() || parameters == some()));
  return set ? "" : set.error();
}

std::string said(const std::function<void()>& misuse) { return abort_message(misuse); }

}  // namespace

TEST_CASE("a parameter has its value until another is chosen") {
  Parameters parameters = some();
  CHECK(parameters.count("nodes") == 5);
  CHECK(parameters.time("lease") == milliseconds(1500));
  CHECK(parameters.set("nodes", "64").has_value());
  CHECK(parameters.set("lease", "2s").has_value());
  CHECK(parameters.count("nodes") == 64);
  CHECK(parameters.time("lease") == seconds(2));
  CHECK(parameters != some());
  CHECK(parameters.has("lease"));
  CHECK_FALSE(parameters.has("leash"));
}

TEST_CASE("both limits of a parameter can be chosen, and nothing beyond them") {
  CHECK(wrong("nodes", "2").empty());
  CHECK(wrong("nodes", "64").empty());
  CHECK(wrong("lease", "1ms").empty());
  CHECK(wrong("lease", "60s").empty());
  CHECK(wrong("nodes", "1") == "nodes: `1` is no number that fits; give 2..64");
  CHECK(wrong("nodes", "65") == "nodes: `65` is no number that fits; give 2..64");
  CHECK(wrong("lease", "61s") ==
        "lease: `61s` is no time that fits; give 1ms..60s, a number and a unit such as 1.5s");
}

TEST_CASE("what is no number or time is refused, and changes nothing") {
  for (const char* const text :
       {"", " ", "5 ", " 5", "5x", "0x5", "5.0", "five", "+5", "5s", "99999999999999999999"}) {
    INFO(text);
    CHECK_THAT(wrong("nodes", text), contains_text("is no number that fits"));
  }
  for (const char* const text : {"", "5", "s", "-1s", "1.5", "1s 2s"}) {
    INFO(text);
    CHECK_THAT(wrong("lease", text), contains_text("is no time that fits"));
  }
}

TEST_CASE("a parameter that the world does not have is answered by one that it has") {
  CHECK_THAT(wrong("node", "3"), contains_text("`node` is no parameter of this world"));
  CHECK_THAT(wrong("node", "3"), contains_text("`nodes`"));
  CHECK(Parameters().set("node", "3").error() == "`node` is unknown: this world has no parameters");
}

TEST_CASE("a parameter's value reads back from its text") {
  rc::prop("for every value within the limits", [](bool is_time) {
    const auto value = *rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000);
    Parameter parameter = Parameter::count("p", "", 0, INT64_MIN, INT64_MAX);
    if (is_time) parameter.kind = Parameter::Kind::time;
    parameter.value = is_time ? std::abs(value) : value;
    Parameter other = parameter;
    other.value = 1;
    Parameters parameters({other});
    RC_ASSERT(parameters.set("p", sim::value_text(parameter)).has_value());
    RC_ASSERT(parameters.all().front() == parameter);
  });
}

TEST_CASE("a world that misuses its parameters is told by name") {
  CHECK_THAT(said([] { static_cast<void>(some().count("leash")); }),
             contains_text("a world asked for a parameter that it did not declare"));
  CHECK_THAT(said([] { static_cast<void>(some().count("lease")); }),
             contains_text("a world asked for a time as a count, or the reverse"));
  CHECK_THAT(said([] { static_cast<void>(some().time("nodes")); }),
             contains_text("a world asked for a time as a count, or the reverse"));
  CHECK_THAT(said([] { Parameters({Parameter::count("", "", 1, 1, 1)}); }),
             contains_text("a parameter was declared without a name"));
  for (const std::int64_t value : {1, 6}) {
    CHECK_THAT(said([value] { Parameters({Parameter::count("n", "", value, 2, 5)}); }),
               contains_text("a parameter was declared with a value beyond its limits"));
  }
  CHECK_THAT(said([] {
               Parameters({Parameter::count("n", "", 1, 1, 1), Parameter::count("n", "", 1, 1, 1)});
             }),
             contains_text("two parameters of a world have one name"));
}

}  // namespace piccolo::test
