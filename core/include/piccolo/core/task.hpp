#pragma once

// Task<T>: a coroutine of a node. Lazy, move-only, one pointer; awaited once, as an rvalue. It
// runs in the fiber, and so in the environment, of whoever awaits it. Dropping a task that was
// never awaited is a compile-time error in this project's build, since it silently does nothing.
//
// Parameters are taken by value, except the environment and its parts, which outlive every task.
// A capturing lambda is not a coroutine. `co_await` stands alone in its statement: g++ 12
// miscompiles it elsewhere (CONTRIBUTING.md has the rule, tests/lint enforces it).

#include <coroutine>
#include <exception>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>

#include "piccolo/core/assert.hpp"
#include "piccolo/core/executor.hpp"
#include "piccolo/core/fiber.hpp"
#include "piccolo/core/frame_pool.hpp"

namespace piccolo {

template <class T>
class Task;

// `Fiber* const fiber = co_await this_fiber();`: for the authors of deadlines and the like.
struct ThisFiber {};
inline ThisFiber this_fiber() noexcept { return {}; }

// A description of an operation, such as `stream.read_some(buffer)` returns: cheap to copy, and
// turned into the operation itself in the awaiting frame.
template <class D>
concept OperationDescription = requires { typename D::operation_type; };

template <class T>
class TaskAwaiter;

namespace detail {

struct FinalAwaiter {
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> at) const noexcept {
    return at.promise().finished();
  }
  void await_resume() const noexcept {}
};

struct ThisFiberAwaiter {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  Fiber* await_resume() const noexcept { return fiber; }
  Fiber* fiber;
};

struct TaskPromiseBase : PromiseBase {
  explicit TaskPromiseBase(std::source_location where) noexcept {
    function = where.function_name();
    line = where.line();
  }

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { exception = std::current_exception(); }

  template <class U>
  TaskAwaiter<U> await_transform(
      Task<U>&& task, std::source_location where = std::source_location::current()) noexcept {
    line = where.line();
    return TaskAwaiter<U>(std::move(task));
  }

  template <OperationDescription D>
  typename D::operation_type await_transform(
      D description, std::source_location where = std::source_location::current()) noexcept {
    line = where.line();
    return typename D::operation_type(std::move(description));
  }

  ThisFiberAwaiter await_transform(ThisFiber) const noexcept { return ThisFiberAwaiter{fiber}; }

  static void* operator new(std::size_t bytes) { return frame_pool::allocate(bytes); }
  static void operator delete(void* memory, std::size_t bytes) noexcept {
    frame_pool::deallocate(memory, bytes);
  }
};

template <class T>
struct TaskPromise : TaskPromiseBase {
  explicit TaskPromise(std::source_location where = std::source_location::current()) noexcept
      : TaskPromiseBase(where) {}
  Task<T> get_return_object() noexcept;
  template <class U>
    requires std::is_convertible_v<U&&, T>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() {
    if (exception) std::rethrow_exception(exception);
    return std::move(*value);
  }
  std::optional<T> value;
};

template <>
struct TaskPromise<void> : TaskPromiseBase {
  explicit TaskPromise(std::source_location where = std::source_location::current()) noexcept
      : TaskPromiseBase(where) {}
  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() const {
    if (exception) std::rethrow_exception(exception);
  }
};

}  // namespace detail

template <class T = void>
class [[nodiscard("a task that is not awaited never runs")]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using value_type = T;

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      destroy();
      frame_ = std::exchange(other.frame_, nullptr);
    }
    return *this;
  }
  ~Task() { destroy(); }

  // Gives up the frame: the caller destroys it. For fibers and awaiters.
  std::coroutine_handle<promise_type> release() noexcept { return std::exchange(frame_, nullptr); }

 private:
  friend promise_type;
  explicit Task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
  void destroy() noexcept {
    if (frame_) frame_.destroy();
  }

  std::coroutine_handle<promise_type> frame_;
};

// Runs the child in the parent's fiber; owns the child's frame, so that destroying the parent's
// frame destroys the whole chain.
template <class T>
class TaskAwaiter {
 public:
  explicit TaskAwaiter(Task<T>&& task) noexcept : child_(task.release()) {}
  TaskAwaiter(const TaskAwaiter&) = delete;
  TaskAwaiter& operator=(const TaskAwaiter&) = delete;
  ~TaskAwaiter() {
    if (child_) child_.destroy();
  }

  bool await_ready() const noexcept {
    PICCOLO_ASSERT(child_, "a task was awaited twice, or after it was moved from");
    return false;
  }

  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> parent) noexcept {
    PromiseBase& promise = child_.promise();
    promise.parent = &parent.promise();
    promise.fiber = parent.promise().fiber;
    promise.fiber->innermost_ = &promise;
    return child_;
  }

  T await_resume() { return child_.promise().take(); }

 private:
  std::coroutine_handle<detail::TaskPromise<T>> child_;
};

template <class T>
Task<T> detail::TaskPromise<T>::get_return_object() noexcept {
  const auto frame = std::coroutine_handle<TaskPromise>::from_promise(*this);
  self = frame;
  return Task<T>(frame);
}

inline Task<void> detail::TaskPromise<void>::get_return_object() noexcept {
  const auto frame = std::coroutine_handle<TaskPromise>::from_promise(*this);
  self = frame;
  return Task<void>(frame);
}

}  // namespace piccolo
