#pragma once

// The segments on their way, in the order of the stream: where each ends and when it was sent.
// Linux counts its congestion window in these, however short they are.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "piccolo/core/block_pool.hpp"
#include "piccolo/core/time.hpp"
#include "range_set.hpp"

namespace piccolo {

class SegmentLog {
 public:
  bool empty() const noexcept { return first_ == sent_.size(); }
  std::uint64_t size() const noexcept { return sent_.size() - first_; }
  TimePoint first_sent() const noexcept { return sent_[first_].at; }
  // Where the last one begins, when the first begins at `begin`.
  std::uint64_t last_begin(std::uint64_t begin) const noexcept {
    return size() > 1 ? sent_[sent_.size() - 2].end : begin;
  }

  void append(std::uint64_t end, TimePoint now) {
    if (sent_.capacity() == 0) sent_.reserve(first_reserve);
    sent_.push_back({end, now});
  }
  void resent_last(TimePoint now) noexcept { sent_.back().at = now; }
  // Forgets those that end at or before `offset`; gives their number.
  std::uint64_t discard_before(std::uint64_t offset) noexcept {
    const std::size_t before = first_;
    while (first_ < sent_.size() && sent_[first_].end <= offset) ++first_;
    const std::size_t gone = first_ - before;
    if (first_ == sent_.size()) {
      sent_.clear();
      first_ = 0;
    } else if (2 * first_ > sent_.size()) {  // so that each is moved once at most, on average
      sent_.erase(sent_.begin(), sent_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
    return gone;
  }
  // Those that end within the range, its first offset not included.
  std::uint64_t count_within(const Range& range) const noexcept {
    return range.begin < range.end ? count_up_to(range.end) - count_up_to(range.begin) : 0;
  }

 private:
  static constexpr std::size_t first_reserve = 4;  // most conversations have no more on their way

  struct Sent {
    std::uint64_t end;
    TimePoint at;
  };
  std::uint64_t count_up_to(std::uint64_t offset) const noexcept {
    const auto begin = sent_.begin() + static_cast<std::ptrdiff_t>(first_);
    const auto after =
        std::upper_bound(begin, sent_.end(), offset,
                         [](std::uint64_t at, const Sent& each) { return at < each.end; });
    return static_cast<std::uint64_t>(after - begin);
  }

  std::vector<Sent, block_pool::Allocator<Sent>> sent_;
  std::size_t first_ = 0;  // those before it are forgotten
};

}  // namespace piccolo
