#pragma once

// A 4-ary min-heap of intrusive nodes with removal from the middle. It orders both the timers
// (by time) and the ready fibers (by the policy's key). Keys live in the array beside the node's
// pointer, so sifting touches no node but to note its new slot.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "piccolo/core/assert.hpp"
#include "piccolo/core/block_pool.hpp"

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
  IndexedHeap() { entries_.reserve(8); }  // instead of growing from one in each life of a process

  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }
  const Key& top_key() const noexcept { return entries_.front().key; }
  Node& top() const noexcept { return *entries_.front().node; }
  // Of a node that is in this heap.
  const Key& key_of(Node& node) const noexcept { return entries_[hook(node).heap_slot_].key; }

  void push(const Key& key, Node& node) {
    PICCOLO_ASSERT(!hook(node).queued(), "a node was queued twice");
    const Entry moving{key, &node};
    entries_.push_back(moving);
    sift_up(entries_.size() - 1, moving);
  }

  Node& pop() noexcept {
    Node& node = top();
    hook(node).heap_slot_ = HeapHook::absent;
    const Entry last = entries_.back();
    entries_.pop_back();
    if (!entries_.empty()) sift_down(0, last);
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
    if (slot > 0 && last.key < entries_[parent(slot)].key) {
      sift_up(slot, last);
    } else {
      sift_down(slot, last);
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

  // Both put `moving` into its place, from the hole at `slot` on.
  void sift_up(std::size_t slot, const Entry& moving) noexcept {
    while (slot > 0 && moving.key < entries_[parent(slot)].key) {
      place(slot, entries_[parent(slot)]);
      slot = parent(slot);
    }
    place(slot, moving);
  }

  void sift_down(std::size_t slot, const Entry& moving) noexcept {
    for (;;) {
      const std::size_t first = slot * 4 + 1;
      if (first >= entries_.size()) break;
      const std::size_t end = first + 4 < entries_.size() ? first + 4 : entries_.size();
      std::size_t least = first;
      for (std::size_t child = first + 1; child < end; ++child) {
        least = entries_[child].key < entries_[least].key ? child : least;
      }
      if (!(entries_[least].key < moving.key)) break;
      place(slot, entries_[least]);
      slot = least;
    }
    place(slot, moving);
  }

  std::vector<Entry, block_pool::Allocator<Entry>> entries_;
};

}  // namespace piccolo
