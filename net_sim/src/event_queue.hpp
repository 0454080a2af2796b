#pragma once

// What is going to happen in a world, in the order of its keys. Most timers are put off or called
// off before they are due (each acknowledgement does that to a retransmission), so that is only
// noted in the event, whose entry stays as it is until it comes to the front. An entry refers to
// its event by a slot in a table: when the event goes away, or is due earlier and gets another
// entry, the slot is emptied, and the entry is dropped when it comes to the front, or when half of
// all are such.

#include <cstdint>
#include <vector>

#include "key_queue.hpp"
#include "piccolo/core/block_pool.hpp"
#include "piccolo/core/timer.hpp"

namespace piccolo {

// Not copied: its queue knows its address.
class Event {
 public:
  Event() noexcept = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  virtual void fire() noexcept = 0;

  bool armed() const noexcept { return !(due_ == off); }
  const TimerKey& due() const noexcept { return due_; }  // while it is armed
  // When it fires it reads that object, which is large.
  void will_read(const void* object) noexcept { reads_ = object; }

 protected:
  ~Event() = default;

 private:
  friend class EventQueue;
  static constexpr TimerKey off{TimePoint::min(), 0};
  static constexpr std::uint32_t no_slot = UINT32_MAX;
  const void* reads_ = nullptr;
  TimerKey due_ = off;
  TimerKey entered_;              // the key of its entry, while it has one
  std::uint32_t slot_ = no_slot;  // which it has then
};

class EventQueue {
 public:
  EventQueue() {
    events_.reserve(64);
    free_.reserve(64);
  }

  // From now on the event is due then, whenever it was before.
  void schedule(Event& event, const TimerKey& due) {
    event.due_ = due;
    if (event.slot_ != Event::no_slot) {
      if (!(due < event.entered_)) return;
      forget(event);
    }
    enter(event);
  }
  static void call_off(Event& event) noexcept { event.due_ = Event::off; }
  // The event goes away.
  void forget(Event& event) noexcept {
    if (event.slot_ == Event::no_slot) return;
    events_[event.slot_] = nullptr;
    event.slot_ = Event::no_slot;
    ++gone_;
    if (gone_ > gone_min && gone_ > size() / 2) purge();
  }

  // The next event, or null.
  Event* next() {
    while (!keys_.empty()) {
      const KeyEntry first = keys_.top();
      Event* const event = events_[first.slot];
      if (event != nullptr && event->due_ == first.key) return event;
      keys_.pop();
      free_.push_back(first.slot);
      if (event == nullptr) {
        --gone_;
        continue;
      }
      event->slot_ = Event::no_slot;
      if (event->armed()) enter(*event);
    }
    return nullptr;
  }
  // Takes out the event that `next` has just given.
  void take(Event& event) noexcept {
    last_ = event.due_.at;
    keys_.pop();
    free_.push_back(event.slot_);
    event.slot_ = Event::no_slot;
    event.due_ = Event::off;
  }

  // In worlds that are larger than the caches, what an event needs is fetched while those before it
  // are dealt with: first the next event itself, then what it will read.
  void prefetch_next() const noexcept {
    if (const KeyEntry* const entry = keys_.likely_next()) __builtin_prefetch(events_[entry->slot]);
  }
  void prefetch_read_by_next() const noexcept {
    const KeyEntry* const entry = keys_.likely_next();
    const Event* const event = entry == nullptr ? nullptr : events_[entry->slot];
    if (event == nullptr || event->reads_ == nullptr) return;
    constexpr std::ptrdiff_t line = 64;
    constexpr std::ptrdiff_t most = 12 * line;
    const auto* const object = static_cast<const char*>(event->reads_);
    for (std::ptrdiff_t at = 0; at < most; at += line) __builtin_prefetch(object + at);
  }

  // Entries, those included whose events have gone away.
  std::size_t size() const noexcept { return events_.size() - free_.size(); }

 private:
  // Round trips and most waits of programs are shorter, lingering connections last longer.
  static constexpr Duration soon = std::chrono::seconds(1);
  static constexpr std::size_t gone_min = 64;  // fewer entries are not worth a purge

  void enter(Event& event) {
    event.entered_ = event.due_;
    event.slot_ = new_slot();
    events_[event.slot_] = &event;
    keys_.push({event.due_, event.slot_}, event.due_.at > saturating_add(last_, soon));
  }
  std::uint32_t new_slot() {
    if (free_.empty()) {
      events_.push_back(nullptr);
      free_.reserve(events_.capacity());  // so that giving back never fails
      return static_cast<std::uint32_t>(events_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void purge() noexcept {
    keys_.purge([this](std::uint32_t slot) {
      if (events_[slot] != nullptr) return false;
      free_.push_back(slot);
      return true;
    });
    gone_ = 0;
  }

  KeyQueue keys_;
  // By slot; null where the event has gone away.
  std::vector<Event*, block_pool::Allocator<Event*>> events_;
  std::vector<std::uint32_t, block_pool::Allocator<std::uint32_t>> free_;  // slots without an entry
  std::size_t gone_ = 0;  // entries whose event has gone away
  TimePoint last_;        // when what happened last was due
};

}  // namespace piccolo
