// Sets of ranges, against a plain set of numbers.

#include "range_set.hpp"

#include <set>

#include "property.hpp"

namespace piccolo::test {
namespace {

TEST_CASE("ranges that touch become one, and the gap after an offset ends at the next range") {
  RangeSet set;
  CHECK(set.insert({10, 20}) == Range{10, 20});
  CHECK(set.insert({30, 40}) == Range{30, 40});
  CHECK(set.gap_after(0) == Range{0, 10});
  CHECK(set.gap_after(10) == Range{20, 30});
  CHECK(set.gap_after(35) == Range{40, UINT64_MAX});
  CHECK(set.insert({20, 30}) == Range{10, 40});
  CHECK(set.ranges().size() == 1);
  set.discard_before(15);
  CHECK(set.ranges().front() == Range{15, 40});
  CHECK(set.covered() == 25);
  CHECK(set.covered_within({0, 20}) == 5);
  set.discard_before(40);
  CHECK(set.empty());
}

TEST_CASE("a set of ranges holds what was inserted and not discarded, and nothing else") {
  rc::prop("as a set of numbers does", [] {
    RangeSet ranges;
    std::set<std::uint64_t> numbers;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 60), rc::gen::inRange(1, 12)));
    for (const auto& [at, length] : steps) {
      const auto begin = static_cast<std::uint64_t>(at);
      const auto size = static_cast<std::uint64_t>(length);
      if (size == 11) {
        ranges.discard_before(begin);
        numbers.erase(numbers.begin(), numbers.lower_bound(begin));
        continue;
      }
      ranges.insert({begin, begin + size});
      for (std::uint64_t number = begin; number < begin + size; ++number) numbers.insert(number);
    }
    RC_ASSERT(ranges.covered() == numbers.size());
    std::uint64_t last_end = 0;
    for (const Range& range : ranges.ranges()) {
      RC_ASSERT(range.begin < range.end);
      RC_ASSERT(range.begin > last_end || last_end == 0);
      last_end = range.end;
      for (std::uint64_t at = range.begin; at < range.end; ++at) RC_ASSERT(numbers.contains(at));
    }
  });
}

}  // namespace
}  // namespace piccolo::test
