#pragma once

// race(executor, a, b): runs both tasks at once and gives the result of the one that ends first;
// the other is canceled and waited for, and its result is dropped. An exception of either is
// rethrown.

#include <optional>
#include <utility>
#include <variant>

#include "piccolo/core/scope.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo {

namespace detail {

template <std::size_t Index, class Outcome, class T>
Task<void> run_racer(Task<T> task, std::optional<Outcome>* winner, Scope* scope) {
  T result = co_await std::move(task);
  if (!*winner) {
    winner->emplace(std::in_place_index<Index>, std::move(result));
    scope->cancel();
  }
}

}  // namespace detail

// The variant's index tells who won.
template <class A, class B>
Task<std::variant<A, B>> race(Executor& executor, Task<A> first, Task<B> second) {
  using Outcome = std::variant<A, B>;
  std::optional<Outcome> winner;
  Scope scope(executor);
  scope.spawn(detail::run_racer<0, Outcome, A>(std::move(first), &winner, &scope));
  scope.spawn(detail::run_racer<1, Outcome, B>(std::move(second), &winner, &scope));
  co_await scope.join();
  co_return std::move(*winner);
}

}  // namespace piccolo
