#pragma once

// The smallest environment that tasks run in: an executor, and a clock that stands still until
// nothing is ready, then jumps to the next deadline. No network, no second seed.

#include <algorithm>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "piccolo/core/clock.hpp"
#include "piccolo/core/executor.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo::test {

class ManualClock final : public Clock {
 public:
  TimePoint now() const noexcept override { return now_; }
  WallTime wall_now() const noexcept override { return WallTime(now_.time_since_epoch()); }
  void arm(Timer& timer, TimePoint at) override { timers_.push(TimerKey{at, ++armed_}, timer); }
  void disarm(Timer& timer) noexcept override { timers_.erase(timer); }

  std::size_t armed() const noexcept { return timers_.size(); }
  bool due(TimePoint limit) const noexcept {
    return !timers_.empty() && timers_.top_key().at <= limit;
  }
  // Jumps to the earliest deadline and fires it alone. There must be one.
  void fire_next() {
    now_ = std::max(now_, timers_.top_key().at);
    timers_.pop().fire();
  }
  void set(TimePoint at) noexcept { now_ = std::max(now_, at); }

 private:
  TimePoint now_{};
  std::uint64_t armed_ = 0;
  TimerQueue timers_;
};

namespace detail {

template <class T>
Task<void> keep_result(Task<T> task, std::optional<T>* into) {
  T result = co_await std::move(task);
  into->emplace(std::move(result));
}

}  // namespace detail

class ManualWorld {
 public:
  explicit ManualWorld(ReadyOrder order = ReadyOrder::fifo, std::uint64_t seed = 1)
      : executor(order, seed), root(executor) {}

  void spawn(Task<void> task) { root.spawn(std::move(task)); }

  // Until nothing is ready; time stands still.
  void settle() {
    while (executor.run_one()) {
    }
  }

  // Until nothing is ready and nothing waits for the time.
  void drain() { run_until(TimePoint::max()); }

  void run_until(TimePoint limit) {
    settle();
    while (clock.due(limit)) {
      clock.fire_next();
      settle();
    }
    if (limit != TimePoint::max()) clock.set(limit);
  }
  void run_for(Duration time) { run_until(clock.now() + time); }

  // Runs one task to its end, in a scope of its own, and gives its result or throws its exception.
  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    run_alone(detail::keep_result(std::move(task), &result));
    return std::move(*result);
  }
  void run(Task<void> task) { run_alone(std::move(task)); }

  Duration elapsed() const noexcept { return clock.now().time_since_epoch(); }

  Executor executor;
  ManualClock clock;
  Scope root;  // goes first, with all the fibers

 private:
  void run_alone(Task<void> task) {
    Scope scope(executor);
    scope.spawn(std::move(task));
    drain();
    if (scope.exception()) std::rethrow_exception(scope.exception());
    if (!scope.empty()) throw std::logic_error("the task still waits:\n" + executor.task_tree());
  }
};

// Counts how many copies of it are alive: for values that must be destroyed exactly once.
class Counted {
 public:
  explicit Counted(int* alive) noexcept : alive_(alive) { ++*alive_; }
  Counted(Counted&& other) noexcept : alive_(other.alive_) { ++*alive_; }
  Counted(const Counted& other) noexcept : alive_(other.alive_) { ++*alive_; }
  Counted& operator=(const Counted&) noexcept = default;
  Counted& operator=(Counted&&) noexcept = default;
  ~Counted() { --*alive_; }

 private:
  int* alive_;
};

// Runs something when its scope ends: to see that, and in which order, frames are destroyed.
class AtEnd {
 public:
  explicit AtEnd(std::function<void()> run) : run_(std::move(run)) {}
  AtEnd(const AtEnd&) = delete;
  AtEnd& operator=(const AtEnd&) = delete;
  ~AtEnd() { run_(); }

 private:
  std::function<void()> run_;
};

using Lines = std::vector<std::string>;

}  // namespace piccolo::test
