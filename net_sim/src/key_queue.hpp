#pragma once

// Keys in their order. What comes next lies in a short sorted list, the least key last: most of
// what an event leads to is due before all else, and is put there and taken from there with hardly
// a step. The rest waits in two heaps: what is due soon, mostly packets, does not have to pass by
// what waits for a minute, mostly ends of connections.

#include <algorithm>
#include <array>
#include <cstddef>

#include "key_heap.hpp"

namespace piccolo {

class KeyQueue {
 public:
  bool empty() const noexcept { return count_ == 0 && soon_.empty() && late_.empty(); }

  // The entry with the least key; there must be one.
  const KeyEntry& top() {
    if (count_ == 0) fetch();
    return next_[count_ - 1];
  }
  void pop() noexcept { --count_; }  // right after `top`
  // What `top` will probably give, if that is known without work; else null.
  const KeyEntry* likely_next() const noexcept {
    if (count_ > 0) return &next_[count_ - 1];
    return soon_.empty() ? nullptr : &soon_.top();
  }

  // `late`: it is far off.
  void push(const KeyEntry& entry, bool late) {
    if (!(entry.key < bound_)) return (late ? late_ : soon_).push(entry);
    if (count_ == next_.size()) put_back();
    if (!(entry.key < bound_)) return soon_.push(entry);
    std::size_t at = count_++;
    for (; at > 0 && next_[at - 1].key < entry.key; --at) next_[at] = next_[at - 1];
    next_[at] = entry;
  }

  // Drops all entries whose slot is gone.
  template <class Gone>
  void purge(Gone gone) {
    const auto kept = std::remove_if(next_.begin(), next_.begin() + count(),
                                     [&](const KeyEntry& entry) { return gone(entry.slot); });
    count_ = static_cast<std::size_t>(kept - next_.begin());
    soon_.purge(gone);
    late_.purge(gone);
    set_bound();
  }

 private:
  static constexpr TimerKey endless{TimePoint::max(), UINT64_MAX};

  std::ptrdiff_t count() const noexcept { return static_cast<std::ptrdiff_t>(count_); }

  void set_bound() noexcept {
    bound_ = soon_.empty() ? endless : soon_.top().key;
    if (!late_.empty()) bound_ = std::min(bound_, late_.top().key);
  }

  void fetch() {
    const bool from_late = soon_.empty() || (!late_.empty() && late_.top().key < soon_.top().key);
    KeyHeap& from = from_late ? late_ : soon_;
    next_[count_++] = from.top();
    from.pop();
    set_bound();
  }

  // The list is full: the half of it that comes last waits with the rest.
  void put_back() {
    constexpr std::size_t half = list_size / 2;
    for (std::size_t at = 0; at < half; ++at) soon_.push(next_[at]);
    std::copy(next_.begin() + half, next_.end(), next_.begin());
    count_ -= half;
    set_bound();
  }

  static constexpr std::size_t list_size = 16;
  std::array<KeyEntry, list_size> next_{};
  std::size_t count_ = 0;     // of the list
  TimerKey bound_ = endless;  // the least key in the heaps: no key in the list is greater
  KeyHeap soon_;
  KeyHeap late_;
};

}  // namespace piccolo
