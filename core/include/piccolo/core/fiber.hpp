#pragma once

// A fiber: one thread of control of a node, that is a task and the tasks it awaits, innermost
// last. At any moment it runs, is ready, or waits for exactly one operation. Only the runtime
// itself and the authors of new operations need this header.

#include <coroutine>
#include <cstdint>
#include <exception>
#include <source_location>

#include "piccolo/core/indexed_heap.hpp"

namespace piccolo {

class Executor;
class Fiber;
class Operation;

// What every task's promise shares: its place in the chain, and where it stands for the task tree.
struct PromiseBase {
  Fiber* fiber = nullptr;
  PromiseBase* parent = nullptr;  // the task that awaits this one
  std::coroutine_handle<> self;
  std::exception_ptr exception;
  const char* function = "";
  std::uint32_t line = 0;  // of the await it stands at

  // The task returned or threw. Gives what runs next: its parent, if nobody else is ready.
  std::coroutine_handle<> finished() noexcept;
};

// Told when a fiber's outermost task has ended. The owner destroys the fiber.
class FiberOwner {
 public:
  virtual void fiber_finished(Fiber& fiber) noexcept = 0;

 protected:
  ~FiberOwner() = default;
};

class Fiber : public HeapHook {
 public:
  // Takes over the outermost task's frame. `id` is a coordinate: equal in every run in which the
  // fiber has the same ancestry, whatever else happened before.
  Fiber(Executor& executor, FiberOwner& owner, PromiseBase& outermost, std::uint64_t id);
  // Destroys the whole chain of frames; pending operations unregister themselves.
  ~Fiber();

  Executor& executor() const noexcept { return executor_; }
  std::uint64_t id() const noexcept { return id_; }
  bool cancel_requested() const noexcept { return cancel_requests_ > 0; }

  // Each request cancels the pending operation and makes later ones complete at once with
  // `operation_canceled`, until it is taken back (which a deadline does when its scope ends).
  void request_cancel() noexcept;
  void retract_cancel() noexcept;

  // The outermost task's exception, once it has finished.
  std::exception_ptr exception() const noexcept { return outermost_.exception; }

  // Intrusive list of the scope that owns the fiber.
  Fiber* scope_previous = nullptr;
  Fiber* scope_next = nullptr;

  static void* operator new(std::size_t bytes);
  static void operator delete(void* memory, std::size_t bytes) noexcept;

 private:
  friend class Executor;
  friend class Operation;
  friend class Scope;
  friend struct PromiseBase;
  template <class>
  friend class TaskAwaiter;

  Executor& executor_;
  FiberOwner& owner_;
  PromiseBase& outermost_;
  PromiseBase* innermost_;
  std::coroutine_handle<> resume_at_;
  Operation* pending_ = nullptr;
  std::uint64_t id_;
  std::uint64_t order_base_;  // what the executor's seed makes of the id
  std::uint64_t times_ready_ = 0;
  std::uint64_t fallen_to_ = 0;  // the priority that a change point gave it; 0: that of its id
  std::uint64_t children_ = 0;   // scopes opened, for the ids of what they spawn
  unsigned cancel_requests_ = 0;
  Fiber* all_previous_ = nullptr;  // the executor's list of all fibers
  Fiber* all_next_ = nullptr;
};

}  // namespace piccolo
