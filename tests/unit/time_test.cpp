#include "piccolo/core/time.hpp"

#include <limits>

#include "property.hpp"

using namespace piccolo;
using namespace std::chrono_literals;

namespace {

Duration parsed(std::string_view text) {
  const auto result = parse_duration(text);
  INFO("parsing " << text);
  REQUIRE(result.has_value());
  return *result;
}

bool rejected(std::string_view text) {
  const auto result = parse_duration(text);
  return !result && result.error() == std::errc::invalid_argument;
}

}  // namespace

TEST_CASE("time: every unit is read") {
  CHECK(parsed("7ns") == 7ns);
  CHECK(parsed("100us") == 100us);
  CHECK(parsed("150ms") == 150ms);
  CHECK(parsed("2s") == 2s);
  CHECK(parsed("3m") == 3min);
  CHECK(parsed("2h") == 2h);
  CHECK(parsed("0s") == 0s);
  CHECK(parsed("007s") == 7s);
}

TEST_CASE("time: a decimal point takes up to nine digits") {
  CHECK(parsed("1.5s") == 1500ms);
  CHECK(parsed("0.000000001s") == 1ns);
  CHECK(parsed("1.000000001h") == 1h + 3600ns);
  CHECK(parsed("0.5h") == 30min);
  CHECK(rejected("0.0000000001s"));
}

TEST_CASE("time: anything but a number and a unit is rejected") {
  const auto text = GENERATE(as<std::string>(), "", "s", "5", "5 s", " 5s", "5s ", "-5s", "+5s",
                             "5S", "5sec", "1.s", ".5s", "1..5s", "1.5.5s", "1e3s", "0x5s", "5ms5",
                             "٥s", "1,5s", "5s\n", "ns", "5d");
  INFO(text);
  CHECK(rejected(text));
  CHECK(rejected(std::string_view("5s\0", 3)));
}

TEST_CASE("time: more than 292 years is rejected, and the last nanosecond before is not") {
  CHECK(parsed("9223372036854775807ns") == Duration::max());
  CHECK(rejected("9223372036854775808ns"));
  CHECK(parsed("9223372036.854775807s") == Duration::max());
  CHECK(rejected("9223372036.854775808s"));
  CHECK(parsed("2562047h") == Duration(2562047h));
  CHECK(rejected("2562048h"));
  CHECK(rejected("99999999999999999999999999999999999999999h"));
}

TEST_CASE("time: nineteen digits and nine more in hours do not overflow the parser") {
  CHECK(rejected("9999999999999999999.999999999h"));
  CHECK(rejected("9999999999999999999.999999999m"));
  CHECK(rejected("0000000000002562048.000000001h"));
}

TEST_CASE("time: durations print in their largest unit up to seconds") {
  CHECK(format_duration(0s) == "0s");
  CHECK(format_duration(1ns) == "1ns");
  CHECK(format_duration(999ns) == "999ns");
  CHECK(format_duration(1us) == "1us");
  CHECK(format_duration(1500us) == "1.5ms");
  CHECK(format_duration(2s) == "2s");
  CHECK(format_duration(90min) == "5400s");
  CHECK(format_duration(1s + 1ns) == "1.000000001s");
  CHECK(format_duration(Duration::max()) == "9223372036.854775807s");
}

TEST_CASE("time: negative durations print with a sign") {
  CHECK(format_duration(-1ns) == "-1ns");
  CHECK(format_duration(-1500ms) == "-1.5s");
  CHECK(format_duration(Duration::min() + 1ns) == "-9223372036.854775807s");
}

TEST_CASE("time: the most negative duration prints") {
  CHECK(format_duration(Duration::min()) == "-9223372036.854775808s");
}

TEST_CASE("time: seconds for narratives have six decimals, rounded down") {
  CHECK(format_seconds(0s) == "0.000000");
  CHECK(format_seconds(1204ms) == "1.204000");
  CHECK(format_seconds(1999ns) == "0.000001");
  CHECK(format_seconds(Duration::max()) == "9223372036.854775");
}

TEST_CASE("time: seconds for narratives may be negative") {
  CHECK(format_seconds(-1500ms) == "-1.500000");
  CHECK(format_seconds(-1ms) == "-0.001000");
}

TEST_CASE("time: adding to a point in time stops at the ends of the range") {
  CHECK(saturating_add(TimePoint(5s), 3s) == TimePoint(8s));
  CHECK(saturating_add(TimePoint(5s), -3s) == TimePoint(2s));
  CHECK(saturating_add(TimePoint(1ns), Duration::max()) == TimePoint::max());
  CHECK(saturating_add(TimePoint(-1ns), Duration::min()) == TimePoint::min());
  CHECK(saturating_add(TimePoint::max(), 1ns) == TimePoint::max());
  CHECK(saturating_add(TimePoint::max(), Duration::min()) == TimePoint(-1ns));
}

TEST_CASE("time: printing and reading are inverse") {
  rc::prop("a printed duration reads back to the same value", [] {
    const auto bits = *rc::gen::arbitrary<std::uint64_t>();
    const auto shift = *rc::gen::inRange(1, 64);  // every magnitude is as likely
    const Duration value(static_cast<std::int64_t>(bits >> static_cast<unsigned>(shift)));
    const std::string text = format_duration(value);
    RC_LOG() << text;
    const auto read = parse_duration(text);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == value);
  });
  rc::prop("whatever is read is not negative", [](const std::string& noise) {
    const auto tail = *rc::gen::element<std::string>("h", "s", "ns", ".5m", "");
    const auto digits = *rc::gen::container<std::string>(rc::gen::inRange('0', ':'));
    for (const std::string& text : {noise, digits + tail, noise + tail}) {
      const auto read = parse_duration(text);
      if (read) RC_ASSERT(*read >= 0s);
    }
  });
}
