#pragma once

// The ready queue of one environment. Everything that wakes a fiber goes through it, so here is
// the one place where the order of tasks is decided. Single-threaded: an executor, its fibers and
// everything they touch belong to one thread at a time.

#include <coroutine>
#include <cstdint>
#include <string>
#include <utility>

#include "piccolo/core/assert.hpp"
#include "piccolo/core/fiber.hpp"
#include "piccolo/core/indexed_heap.hpp"
#include "piccolo/core/priority_changes.hpp"
#include "piccolo/core/random.hpp"
#include "piccolo/core/ready_order.hpp"

namespace piccolo {

// Told when an executor that had nothing to run gets something.
class RunnableHook {
 public:
  virtual void became_runnable(Executor& executor) noexcept = 0;

 protected:
  ~RunnableHook() = default;
};

class Executor {
 public:
  // Under pct, fibers that make each other or themselves ready would starve the ones below them for
  // ever, say in a loop that waits for a flag. Whoever becomes ready after so many resumptions
  // without the queue running empty goes to its end, behind all priorities, until it does. (Shuttle
  // and Loom lower a thread that yields; here no fiber says that it does.)
  static constexpr std::uint64_t patience = 10'000;

  // `seed` matters to all orders but fifo, and to the ids of fibers. `hook` may be null.
  Executor(ReadyOrder order, std::uint64_t seed, RunnableHook* hook = nullptr);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Makes a fiber ready. Called by completing operations.
  void post(Fiber& fiber) noexcept;

  // Resumes one ready fiber until it waits or ends, and gives the number of resumptions: 0 when
  // none is ready, else 1 to `most`. They are several when what the fiber waits for completes at
  // once and nobody else is ready: then it goes on where it is, as it would by way of the queue.
  std::uint64_t run(std::uint64_t most);
  bool run_one() { return run(1) > 0; }
  // The fiber that runs goes on by way of the queue only, until it is resumed from there.
  void stay_in_line() noexcept { run_max_ = 0; }

  // From now on the order is drawn from another seed; who is ready already keeps its place.
  void reseed(std::uint64_t seed);

  bool idle() const noexcept { return ready_.empty(); }
  // The fiber being resumed, or null outside `run_one`.
  Fiber* current() const noexcept { return current_; }
  std::size_t live_fibers() const noexcept { return live_fibers_; }
  std::uint64_t seed() const noexcept { return seed_; }

  // One line per task: its function and the line it waits at, children under parents.
  std::string task_tree() const;

 private:
  friend class Fiber;
  friend struct PromiseBase;
  template <class, class>
  friend class BasicOperation;
  friend class Scope;

  void queue_up(Fiber& fiber) noexcept;
  std::uint64_t ready_key(Fiber& fiber) noexcept;
  std::uint64_t late_key(const Fiber& fiber) const noexcept;
  std::uint64_t order_base(std::uint64_t fiber_id) const noexcept;
  void change_priorities() noexcept;

  // The current fiber is about to start an operation. If that completes before `goes_on` is asked,
  // and nobody else is ready, it need not be suspended.
  void starts(Fiber& fiber) noexcept {
    starting_ = &fiber;
    completed_ = false;
  }
  bool goes_on() noexcept;
  // Where the current fiber continues after the task that it was in has ended.
  std::coroutine_handle<> hand_back(Fiber& fiber) noexcept;
  bool may_go_on() const noexcept { return ready_.empty() && ran_ < run_max_; }
  void count_turn(Fiber& fiber) noexcept;

  IndexedHeap<std::uint64_t, Fiber> ready_;
  ReadyOrder order_;
  std::uint64_t seed_;
  PriorityChanges changes_;
  std::uint64_t posted_ = 0;
  std::uint64_t resumed_ = 0;      // since the queue was last empty
  std::uint64_t root_scopes_ = 0;  // opened outside of all fibers, for the ids of what they spawn
  RunnableHook* hook_;
  Fiber* current_ = nullptr;
  Fiber* starting_ = nullptr;  // the current one, while it starts an operation
  bool completed_ = false;     // which completed, and may go on
  bool current_finished_ = false;
  std::uint64_t ran_ = 0;      // resumptions of the current fiber since it left the queue
  std::uint64_t run_max_ = 0;  // how many it may have
  Fiber* all_fibers_ = nullptr;
  std::size_t live_fibers_ = 0;
};

inline void Executor::queue_up(Fiber& fiber) noexcept {
  const bool was_idle = ready_.empty();
  if (was_idle) resumed_ = 0;
  ready_.push(ready_key(fiber), fiber);
  if (was_idle && hook_ != nullptr) hook_->became_runnable(*this);
}

inline void Executor::post(Fiber& fiber) noexcept {
  if (&fiber == starting_ && may_go_on()) {
    completed_ = true;
    return;
  }
  // Not alone any more, so it takes its place in the queue, as the first.
  if (std::exchange(completed_, false)) queue_up(*std::exchange(starting_, nullptr));
  queue_up(fiber);
}

inline std::uint64_t Executor::ready_key(Fiber& fiber) noexcept {
  ++posted_;
  ++fiber.times_ready_;
  if (order_.policy == ReadyOrder::Policy::fifo) return posted_;
  if (order_.policy == ReadyOrder::Policy::random) {
    return mix64(fiber.order_base_ + golden_gamma * fiber.times_ready_);
  }
  return late_key(fiber);
}

// What passing through an empty queue would have counted.
inline void Executor::count_turn(Fiber& fiber) noexcept {
  ++ran_;
  ++posted_;
  ++fiber.times_ready_;
  resumed_ = 1;
}

inline bool Executor::goes_on() noexcept {
  starting_ = nullptr;
  if (!std::exchange(completed_, false)) return false;
  count_turn(*current_);
  return true;
}

inline std::coroutine_handle<> Executor::hand_back(Fiber& fiber) noexcept {
  if (may_go_on()) {
    count_turn(fiber);
    return fiber.resume_at_;
  }
  queue_up(fiber);
  return std::noop_coroutine();
}

// The task returned or threw: hands control back to its parent.
inline std::coroutine_handle<> PromiseBase::finished() noexcept {
  Executor& executor = fiber->executor_;
  if (parent == nullptr) {
    executor.current_finished_ = true;
    return std::noop_coroutine();
  }
  fiber->innermost_ = parent;
  fiber->resume_at_ = parent->self;
  return executor.hand_back(*fiber);
}

}  // namespace piccolo
