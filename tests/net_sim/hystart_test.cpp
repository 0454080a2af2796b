// When slow start has gone far enough: by the spacing of acknowledgements, and by their delay.

#include "hystart.hpp"

#include "catch.hpp"

namespace piccolo::test {
namespace {

using std::chrono::milliseconds;

constexpr TimePoint at(Duration since_start) { return TimePoint(since_start); }

// Acknowledgements of one round, `spacing` apart, until one of them says that it is enough.
Duration train_until_enough(Duration spacing, Duration round_trip) {
  HyStart hystart;
  std::uint64_t acknowledged = 1;
  for (Duration time{0}; time < milliseconds(100); time += spacing) {
    if (hystart.enough(at(time), round_trip, acknowledged++, 1000)) return time;
  }
  return Duration(-1);
}

TEST_CASE("acknowledgements that come close upon each other for half a round trip end slow start") {
  CHECK(train_until_enough(milliseconds(1), milliseconds(20)) == milliseconds(11));
  CHECK(train_until_enough(milliseconds(1), milliseconds(40)) == milliseconds(21));
}

TEST_CASE("acknowledgements that come two milliseconds apart are no train") {
  CHECK(train_until_enough(milliseconds(2), milliseconds(20)) == Duration(-1));
}

TEST_CASE("a new round begins a new train") {
  HyStart hystart;
  for (std::uint64_t count = 1; count < 100; ++count) {
    const Duration time = static_cast<std::int64_t>(count) * milliseconds(1);
    // What is sent now is acknowledged ten milliseconds later.
    CHECK_FALSE(hystart.enough(at(time), milliseconds(20), count, count + 10));
  }
}

// The sample of a round, the eighth included, at which it was enough.
int samples_until_enough(Duration least, Duration later) {
  HyStart hystart;
  hystart.enough(at(Duration(0)), least, 1, 10);
  for (int count = 1; count < 20; ++count) {
    if (hystart.enough(at(milliseconds(5) * count), later, 11, 1000)) return count;
  }
  return 0;
}

TEST_CASE("a round trip that has become longer by an eighth, 4 ms at least, ends slow start") {
  CHECK(samples_until_enough(milliseconds(20), milliseconds(25)) == 9);
  CHECK(samples_until_enough(milliseconds(20), milliseconds(24)) == 0);
  CHECK(samples_until_enough(milliseconds(80), milliseconds(90)) == 0);
  CHECK(samples_until_enough(milliseconds(80), milliseconds(91)) == 9);
  CHECK(samples_until_enough(milliseconds(400), milliseconds(417)) == 9);
}

}  // namespace
}  // namespace piccolo::test
