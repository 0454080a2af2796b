#pragma once

// with_timeout(clock, 5s, operation): the operation's result, or `timed_out` when it has not
// completed by then. The operation may be a description (`stream.read_some(buffer)`) or a task
// that gives a `Result`; a task is canceled as a whole, and is waited for.

#include <utility>

#include "piccolo/core/clock.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo {

// Cancels what its fiber does from the deadline on, until the guard is destroyed.
class Deadline final : private Timer {
 public:
  Deadline(Fiber& fiber, Clock& clock, Duration after) : fiber_(fiber), clock_(clock) {
    clock_.arm(*this, saturating_add(clock_.now(), after));
  }
  ~Deadline() {
    if (fired_) {
      fiber_.retract_cancel();
    } else {
      clock_.disarm(*this);
    }
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  // False when the fiber had been canceled before: then it is not the deadline that ended it.
  bool expired() const noexcept { return expired_; }

 private:
  void fire() noexcept override {
    fired_ = true;
    expired_ = !fiber_.cancel_requested();
    fiber_.request_cancel();
  }

  Fiber& fiber_;
  Clock& clock_;
  bool fired_ = false;
  bool expired_ = false;
};

namespace detail {

template <class Awaitable>
struct AwaitedResult {
  using type = decltype(std::declval<typename Awaitable::operation_type&>().await_resume());
};
template <class T>
struct AwaitedResult<Task<T>> {
  using type = T;
};

}  // namespace detail

template <class Awaitable>
Task<typename detail::AwaitedResult<Awaitable>::type> with_timeout(Clock& clock, Duration after,
                                                                   Awaitable operation) {
  Fiber* const fiber = co_await this_fiber();
  Deadline deadline(*fiber, clock, after);
  auto result = co_await std::move(operation);
  if (!result && deadline.expired() && is_canceled(result.error())) {
    result = failure(std::errc::timed_out);
  }
  co_return result;
}

}  // namespace piccolo
