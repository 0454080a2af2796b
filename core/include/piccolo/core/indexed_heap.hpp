#pragma once

// A 4-ary min-heap of intrusive nodes with removal from the middle. It orders both the timers
// (by time) and the ready fibers (by the policy's key). Keys live in the array beside the node's
// pointer, so sifting touches no node but to note its new slot.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "piccolo/core/assert.hpp"

namespace piccolo {

// Base class of whatever sits in a heap. Not copied: the heap knows its address.
class HeapHook {
 public:
  HeapHook() noexcept = default;
  HeapHook(const HeapHook&) = delete;
  HeapHook& operator=(const HeapHook&) = delete;

  bool queued() const noexcept { return heap_slot_ != absent; }

 protected:
  ~HeapHook() = default;

 private:
  template <class Key, class Node>
  friend class IndexedHeap;
  static constexpr std::size_t absent = static_cast<std::size_t>(-1);
  std::size_t heap_slot_ = absent;
};

// Key needs operator<; equal keys come out in an unspecified but deterministic order.
template <class Key, class Node>
class IndexedHeap {
 public:
  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }
  const Key& top_key() const noexcept { return entries_.front().key; }
  Node& top() const noexcept { return *entries_.front().node; }

  void push(const Key& key, Node& node) {
    PICCOLO_ASSERT(!hook(node).queued(), "a node was queued twice");
    entries_.push_back(Entry{key, &node});
    sift_up(entries_.size() - 1);
  }

  Node& pop() noexcept {
    Node& node = top();
    erase(node);
    return node;
  }

  void erase(Node& node) noexcept {
    const std::size_t slot = hook(node).heap_slot_;
    PICCOLO_ASSERT(slot < entries_.size() && entries_[slot].node == &node,
                   "a node was taken out of a heap it is not in");
    hook(node).heap_slot_ = HeapHook::absent;
    const Entry last = entries_.back();
    entries_.pop_back();
    if (slot == entries_.size()) return;
    entries_[slot] = last;
    hook(*last.node).heap_slot_ = slot;
    if (slot > 0 && last.key < entries_[parent(slot)].key) {
      sift_up(slot);
    } else {
      sift_down(slot);
    }
  }

 private:
  struct Entry {
    Key key;
    Node* node;
  };

  static HeapHook& hook(Node& node) noexcept { return node; }
  static std::size_t parent(std::size_t slot) noexcept { return (slot - 1) / 4; }

  void place(std::size_t slot, const Entry& entry) noexcept {
    entries_[slot] = entry;
    hook(*entry.node).heap_slot_ = slot;
  }

  void sift_up(std::size_t slot) noexcept {
    const Entry moving = entries_[slot];
    while (slot > 0 && moving.key < entries_[parent(slot)].key) {
      place(slot, entries_[parent(slot)]);
      slot = parent(slot);
    }
    place(slot, moving);
  }

  void sift_down(std::size_t slot) noexcept {
    const Entry moving = entries_[slot];
    for (;;) {
      const std::size_t first = slot * 4 + 1;
      if (first >= entries_.size()) break;
      const std::size_t end = first + 4 < entries_.size() ? first + 4 : entries_.size();
      std::size_t least = first;
      for (std::size_t child = first + 1; child < end; ++child) {
        if (entries_[child].key < entries_[least].key) least = child;
      }
      if (!(entries_[least].key < moving.key)) break;
      place(slot, entries_[least]);
      slot = least;
    }
    place(slot, moving);
  }

  std::vector<Entry> entries_;
};

}  // namespace piccolo
