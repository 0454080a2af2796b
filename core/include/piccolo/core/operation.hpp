#pragma once

// Operations: what a fiber can wait for. An operation lives inside the awaiting coroutine's frame,
// so starting one allocates nothing; a backend keeps a pointer to it until it completes.
//
// The life of one: `co_await` builds it in the frame; `start` hands it to the backend; the backend
// calls `finish` exactly once, perhaps from within `start`, and the fiber becomes ready. Until
// then the operation may be canceled or destroyed; in both cases the backend is told to `forget`
// it first, and must not touch it afterwards.

#include <coroutine>
#include <utility>

#include "piccolo/core/error.hpp"
#include "piccolo/core/executor.hpp"
#include "piccolo/core/fiber.hpp"
#include "piccolo/core/result.hpp"

namespace piccolo {

class Operation {
 public:
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  bool pending() const noexcept { return fiber_ != nullptr; }
  virtual void cancel() noexcept = 0;

 protected:
  Operation() noexcept = default;
  ~Operation() = default;

  void suspend(Fiber& fiber, std::coroutine_handle<> at) noexcept {
    fiber_ = &fiber;
    fiber.pending_ = this;
    fiber.resume_at_ = at;
  }

  // Completes: the fiber becomes ready.
  void wake() noexcept {
    Fiber& fiber = *std::exchange(fiber_, nullptr);
    fiber.pending_ = nullptr;
    fiber.executor().post(fiber);
  }

  // The frame goes away while the operation is pending.
  void drop() noexcept { std::exchange(fiber_, nullptr)->pending_ = nullptr; }

  Fiber* fiber_ = nullptr;
};

// The usual operation: gives a `Result<T>`, and completes with `operation_canceled` when canceled.
// `Derived` has `void start()` and `void forget() noexcept`, and its destructor calls `abandon()`.
template <class Derived, class T>
class BasicOperation : public Operation {
 public:
  bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> at) {
    Fiber& fiber = *at.promise().fiber;
    Executor& executor = fiber.executor();
    this->suspend(fiber, at);
    executor.starts(fiber);
    if (fiber.cancel_requested()) {
      finish(failure(std::errc::operation_canceled));
    } else {
      derived().start();
    }
    return !executor.goes_on();
  }

  Result<T> await_resume() noexcept { return std::move(result_); }

  // Called by the backend, once. The operation may be destroyed soon after.
  void finish(Result<T> result) noexcept {
    result_ = std::move(result);
    this->wake();
  }

  void cancel() noexcept final {
    derived().forget();
    finish(failure(std::errc::operation_canceled));
  }

 protected:
  void abandon() noexcept {
    if (!this->pending()) return;
    derived().forget();
    this->drop();
  }

 private:
  Derived& derived() noexcept { return static_cast<Derived&>(*this); }

  Result<T> result_ = failure(std::errc::operation_canceled);
};

}  // namespace piccolo
