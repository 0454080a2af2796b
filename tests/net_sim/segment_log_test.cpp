// The segments on their way, against a plain list of them.

#include "segment_log.hpp"

#include <algorithm>

#include "property.hpp"

namespace piccolo::test {
namespace {

TEST_CASE("the last segment on its way begins where the one before it ends") {
  SegmentLog log;
  CHECK(log.empty());
  log.append(10, TimePoint(Duration(1)));
  CHECK(log.last_begin(3) == 3);
  log.append(15, TimePoint(Duration(2)));
  CHECK(log.last_begin(3) == 10);
  CHECK(log.first_sent() == TimePoint(Duration(1)));
  CHECK(log.discard_before(10) == 1);
  CHECK(log.last_begin(10) == 10);
  log.resent_last(TimePoint(Duration(7)));
  CHECK(log.first_sent() == TimePoint(Duration(7)));
}

TEST_CASE("a log of segments holds what was sent and not discarded, and counts it by ranges") {
  rc::prop("as a list does", [] {
    SegmentLog log;
    std::vector<std::uint64_t> ends;
    std::uint64_t sent = 0;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 60), rc::gen::inRange(1, 12)));
    for (const auto& [at, length] : steps) {
      const auto offset = static_cast<std::uint64_t>(at);
      if (length > 9) {
        const auto gone = std::erase_if(ends, [&](std::uint64_t end) { return end <= offset; });
        RC_ASSERT(log.discard_before(offset) == gone);
      } else {
        ends.push_back(sent += static_cast<std::uint64_t>(length));
        log.append(sent, TimePoint());
      }
      RC_ASSERT(log.size() == ends.size());
      for (std::uint64_t begin = 0; begin < 60; begin += 7) {
        const auto within = std::ranges::count_if(
            ends, [&](std::uint64_t end) { return end > begin && end <= offset; });
        RC_ASSERT(log.count_within({begin, offset}) == static_cast<std::uint64_t>(within));
      }
    }
  });
}

}  // namespace
}  // namespace piccolo::test
