#pragma once

// What is going to happen in a world, in the order of its keys. Most timers are put off or called
// off before they are due (each acknowledgement does that to a retransmission), so that is only
// noted in the event, whose entry in the heap stays as it is until it comes to the front.

#include "piccolo/core/timer.hpp"

namespace piccolo {

class Event : public HeapHook {
 public:
  virtual void fire() noexcept = 0;

  bool armed() const noexcept { return !(due_ == off); }
  const TimerKey& due() const noexcept { return due_; }  // while it is armed

 protected:
  ~Event() = default;

 private:
  friend class EventQueue;
  static constexpr TimerKey off{TimePoint::min(), 0};
  TimerKey due_ = off;
  bool late_ = false;  // which heap it is in
};

// Two heaps: what is due soon, mostly packets, does not have to pass by what waits for a minute,
// mostly ends of connections.
class EventQueue {
 public:
  // From now on the event is due then, whenever it was before.
  void schedule(Event& event, const TimerKey& due) {
    event.due_ = due;
    if (event.queued()) {
      auto& heap = heap_of(event);
      if (!(due < heap.key_of(event))) return;
      heap.erase(event);
    }
    push(event);
  }
  static void call_off(Event& event) noexcept { event.due_ = Event::off; }
  // The event goes away.
  void forget(Event& event) noexcept {
    if (event.queued()) heap_of(event).erase(event);
  }

  // The next event, or null.
  Event* next() {
    for (;;) {
      const bool no_soon = soon_.empty();
      if (no_soon && late_.empty()) return nullptr;
      const bool late = no_soon || (!late_.empty() && late_.top_key() < soon_.top_key());
      auto& heap = late ? late_ : soon_;
      Event& first = heap.top();
      if (first.due_ == heap.top_key()) return &first;
      heap.pop();
      if (first.armed()) push(first);
    }
  }
  // Takes out the event that `next` has just given.
  void take(Event& event) noexcept {
    last_ = event.due_.at;
    heap_of(event).pop();
    event.due_ = Event::off;
  }

 private:
  using Heap = IndexedHeap<TimerKey, Event>;
  // Round trips and most waits of programs are shorter, lingering connections last longer.
  static constexpr Duration soon = std::chrono::seconds(1);

  Heap& heap_of(const Event& event) noexcept { return event.late_ ? late_ : soon_; }
  void push(Event& event) {
    event.late_ = event.due_.at > saturating_add(last_, soon);
    heap_of(event).push(event.due_, event);
  }

  Heap soon_;
  Heap late_;
  TimePoint last_;  // when what happened last was due
};

}  // namespace piccolo
