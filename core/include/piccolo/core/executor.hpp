#pragma once

// The ready queue of one environment. Everything that wakes a fiber goes through it, so here is
// the one place where the order of tasks is decided. Single-threaded: an executor, its fibers and
// everything they touch belong to one thread at a time.

#include <cstdint>
#include <string>

#include "piccolo/core/fiber.hpp"
#include "piccolo/core/indexed_heap.hpp"
#include "piccolo/core/priority_changes.hpp"
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

  // Makes a fiber ready. Called by completing operations and tasks.
  void post(Fiber& fiber) noexcept;

  // Resumes one ready fiber until it waits or ends. False when none is ready.
  bool run_one();

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

  friend class Scope;
  std::uint64_t ready_key(Fiber& fiber) noexcept;
  std::uint64_t priority(const Fiber& fiber) const noexcept;
  void change_priorities() noexcept;

  IndexedHeap<std::uint64_t, Fiber> ready_;
  ReadyOrder order_;
  std::uint64_t seed_;
  PriorityChanges changes_;
  std::uint64_t posted_ = 0;
  std::uint64_t resumed_ = 0;      // since the queue was last empty
  std::uint64_t root_scopes_ = 0;  // opened outside of all fibers, for the ids of what they spawn
  RunnableHook* hook_;
  Fiber* current_ = nullptr;
  bool current_finished_ = false;
  Fiber* all_fibers_ = nullptr;
  std::size_t live_fibers_ = 0;
};

}  // namespace piccolo
