#pragma once

// A 4-ary min-heap of keys, each with the number of a slot that says what it stands for. Nothing
// outside of its array is touched while entries change places, and no entry is ever looked for.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "piccolo/core/block_pool.hpp"
#include "piccolo/core/timer.hpp"

namespace piccolo {

struct KeyEntry {
  TimerKey key;
  std::uint32_t slot = 0;
};

class KeyHeap {
 public:
  KeyHeap() { entries_.reserve(32); }

  bool empty() const noexcept { return entries_.empty(); }
  // The entry with the least key; there must be one.
  const KeyEntry& top() const noexcept { return entries_.front(); }

  void push(const KeyEntry& entry) {
    entries_.push_back(entry);
    std::size_t at = entries_.size() - 1;
    while (at > 0) {
      const std::size_t parent = (at - 1) / 4;
      if (!(entry.key < entries_[parent].key)) break;
      entries_[at] = entries_[parent];
      at = parent;
    }
    entries_[at] = entry;
  }

  void pop() noexcept {
    const KeyEntry last = entries_.back();
    entries_.pop_back();
    if (!entries_.empty()) sift_down(0, last);
  }

  // Drops all entries whose slot is gone.
  template <class Gone>
  void purge(Gone gone) {
    std::erase_if(entries_, [&](const KeyEntry& entry) { return gone(entry.slot); });
    for (std::size_t at = entries_.size(); at-- > 0;) sift_down(at, KeyEntry(entries_[at]));
  }

 private:
  // Puts `moving` into its place, from the hole at `at` on.
  void sift_down(std::size_t at, const KeyEntry& moving) noexcept {
    KeyEntry* const entries = entries_.data();
    const std::size_t size = entries_.size();
    KeyEntry* hole = entries + at;
    for (std::size_t first = at * 4 + 1; first < size; first = at * 4 + 1) {
      KeyEntry* const child = entries + first;
      KeyEntry* least = child;
      if (size - first >= 4) [[likely]] {
        // Added up: which is less is anybody's guess, and a branch would guess wrong.
        const std::size_t left = child[1].key < child[0].key ? 1U : 0U;
        const std::size_t right = child[3].key < child[2].key ? 3U : 2U;
        const std::size_t is_right = child[right].key < child[left].key ? 1U : 0U;
        least = child + (left + (right - left) * is_right);
      } else {
        for (std::size_t next = 1; next < size - first; ++next) {
          least = child[next].key < least->key ? child + next : least;
        }
      }
      if (!(least->key < moving.key)) break;
      *hole = *least;
      hole = least;
      at = static_cast<std::size_t>(least - entries);
    }
    *hole = moving;
  }

  std::vector<KeyEntry, block_pool::Allocator<KeyEntry>> entries_;
};

}  // namespace piccolo
