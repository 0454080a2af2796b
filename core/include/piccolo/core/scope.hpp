#pragma once

// Structured concurrency. Children are spawned into a scope and do not outlive it:
//
//   Scope scope(env.executor);
//   scope.spawn(serve(env, std::move(stream)));
//   co_await scope.join();
//
// `join` waits for every child. Canceling the fiber that joins cancels the children. A child's
// exception cancels its siblings and the fiber that opened the scope, so that it gets to its join,
// and is rethrown there. A scope that is destroyed earlier, by an exception, an early return or a
// crash, destroys its children where they stand.

#include <coroutine>
#include <cstdint>
#include <exception>

#include "piccolo/core/operation.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo {

class Scope final : public FiberOwner {
 public:
  // Opened by the fiber that runs now, if any; a backend opens its root scope outside of all.
  explicit Scope(Executor& executor) noexcept;
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  // The child becomes ready; it does not run before the caller waits.
  void spawn(Task<void> task);

  // Cancels the children there are, oldest first, and those that are still to be spawned.
  void cancel() noexcept;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  // The first exception of a child, or null; `join` rethrows it.
  std::exception_ptr exception() const noexcept { return exception_; }

  struct Join;
  [[nodiscard]] Join join() noexcept;

 private:
  friend class JoinOperation;
  void fiber_finished(Fiber& fiber) noexcept override;
  void retract_from_opener() noexcept;

  Executor& executor_;
  Fiber* opener_;
  bool opener_canceled_ = false;
  std::uint64_t id_;
  std::uint64_t spawned_ = 0;
  Fiber* children_ = nullptr;  // oldest first
  Fiber* newest_ = nullptr;
  std::size_t size_ = 0;
  bool canceled_ = false;
  std::exception_ptr exception_;
  class JoinOperation* join_ = nullptr;
};

// Waits until the scope is empty. Canceling it cancels the children; it still waits for them.
class JoinOperation final : public Operation {
 public:
  explicit JoinOperation(const Scope::Join& description) noexcept;
  ~JoinOperation();

  bool await_ready() const noexcept { return scope_.empty(); }

  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> at) noexcept {
    Fiber& fiber = *at.promise().fiber;
    suspend(fiber, at);
    scope_.join_ = this;
    if (fiber.cancel_requested()) scope_.cancel();
  }

  void await_resume() const {
    scope_.retract_from_opener();
    if (scope_.exception_) std::rethrow_exception(scope_.exception_);
  }

  void cancel() noexcept override { scope_.cancel(); }

 private:
  friend class Scope;
  Scope& scope_;
};

struct Scope::Join {
  using operation_type = JoinOperation;
  Scope* scope;
};

inline Scope::Join Scope::join() noexcept { return Join{this}; }

}  // namespace piccolo
