#pragma once

// Disjoint ranges of offsets in order: what arrived before its turn, what was acknowledged
// selectively. Few at a time, so a vector.

#include <algorithm>
#include <cstdint>
#include <vector>

namespace piccolo {

struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // not included
  bool operator==(const Range&) const noexcept = default;
};

class RangeSet {
 public:
  bool empty() const noexcept { return ranges_.empty(); }
  const std::vector<Range>& ranges() const noexcept { return ranges_; }

  // Gives the range that the inserted one has become part of.
  Range insert(Range range) {
    const auto first = std::find_if(ranges_.begin(), ranges_.end(),
                                    [&](const Range& each) { return each.end >= range.begin; });
    auto last = first;
    for (; last != ranges_.end() && last->begin <= range.end; ++last) {
      range.begin = std::min(range.begin, last->begin);
      range.end = std::max(range.end, last->end);
    }
    ranges_.insert(ranges_.erase(first, last), range);
    return range;
  }
  void discard_before(std::uint64_t offset) noexcept {
    std::erase_if(ranges_, [&](const Range& each) { return each.end <= offset; });
    if (!ranges_.empty()) ranges_.front().begin = std::max(ranges_.front().begin, offset);
  }
  void clear() noexcept { ranges_.clear(); }

  // The first gap at or after `offset`: up to the next range, or endless. Not empty.
  Range gap_after(std::uint64_t offset) const noexcept {
    for (const Range& each : ranges_) {
      if (offset < each.begin) return {offset, each.begin};
      if (offset < each.end) offset = each.end;
    }
    return {offset, UINT64_MAX};
  }
  std::uint64_t covered() const noexcept { return covered_within({0, UINT64_MAX}); }
  std::uint64_t covered_within(Range window) const noexcept {
    std::uint64_t sum = 0;
    for (const Range& each : ranges_) {
      const std::uint64_t begin = std::max(each.begin, window.begin);
      const std::uint64_t end = std::min(each.end, window.end);
      if (begin < end) sum += end - begin;
    }
    return sum;
  }

 private:
  std::vector<Range> ranges_;
};

}  // namespace piccolo
