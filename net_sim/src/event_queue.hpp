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
};

class EventQueue {
 public:
  // From now on the event is due then, whenever it was before.
  void schedule(Event& event, const TimerKey& due) {
    event.due_ = due;
    if (!event.queued()) return heap_.push(due, event);
    if (!(due < heap_.key_of(event))) return;
    heap_.erase(event);
    heap_.push(due, event);
  }
  static void call_off(Event& event) noexcept { event.due_ = Event::off; }
  // The event goes away.
  void forget(Event& event) noexcept {
    if (event.queued()) heap_.erase(event);
  }

  // The next event, or null.
  Event* next() {
    while (!heap_.empty()) {
      Event& first = heap_.top();
      if (first.due_ == heap_.top_key()) return &first;
      heap_.pop();
      if (first.armed()) heap_.push(first.due_, first);
    }
    return nullptr;
  }
  // Takes the next event out; there is one.
  Event& pop() noexcept {
    Event& first = heap_.pop();
    first.due_ = Event::off;
    return first;
  }

 private:
  IndexedHeap<TimerKey, Event> heap_;
};

}  // namespace piccolo
