#pragma once

// What an object does when its operations come one after another: that is all a user states, and
// the checker finds out whether operations that overlap can be explained by it. A model has
//   State, Input, Output  ordinary values. The initial state is `initial()`, else `State()`. States
//                         need ==; if they also have <, it must agree with ==, and the checker is
//                         faster.
//   step(state, input, output) -> std::optional<State>
//                         the state after the operation, or nothing if it cannot have returned this
//                         output in this state. Without an output it never returned: the state
//                         after its effect, whatever it would have returned. (That it has no effect
//                         is also possible, and the checker's business.) The result must depend on
//                         nothing else.
//   describe(input, output) -> std::string
//                         one line for people: `write 1`, `read -> 1`; no output: not known.
// and, if it likes,
//   key(input)            any ordered value. Operations with different keys must not influence each
//                         other; each key is then checked by itself, from the initial state on,
//                         which is what makes long histories cheap.
//   only_observes(input, output) -> bool
//                         whether such an operation leaves every state in which it is possible as
//                         it is: reads, swaps that did not swap. Saves much work.
//   describe_key(key)     needed for explanations unless a key is an integer or a string.
//   describe_state(state) makes an explanation say what the culprit met.
// All are called on a const object: static functions will do, members may hold configuration.

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>

#include "piccolo/sim/value_text.hpp"

namespace piccolo::sim {

template <class Model>
concept SequentialModel =
    std::copy_constructible<Model> && std::copyable<typename Model::State> &&
    std::equality_comparable<typename Model::State> && std::copyable<typename Model::Input> &&
    std::copyable<typename Model::Output> &&
    requires(const Model& model, const typename Model::State& state,
             const typename Model::Input& input,
             const std::optional<typename Model::Output>& output) {
      { model.step(state, input, output) } -> std::same_as<std::optional<typename Model::State>>;
      { model.describe(input, output) } -> std::convertible_to<std::string>;
    };

namespace detail {

// The key of a model that has none: all operations are in one partition.
struct NoKey {
  auto operator<=>(const NoKey&) const noexcept = default;
};

template <SequentialModel Model>
typename Model::State initial_state(const Model& model) {
  if constexpr (requires { model.initial(); }) {
    return model.initial();
  } else {
    static_assert(std::default_initializable<typename Model::State>,
                  "give the model an initial(), or its State a default constructor");
    return typename Model::State();
  }
}

template <SequentialModel Model>
auto partition_key(const Model& model, const typename Model::Input& input) {
  if constexpr (requires { model.key(input); }) {
    using Key = std::remove_cvref_t<decltype(model.key(input))>;
    static_assert(std::totally_ordered<Key>, "the model's key(input) needs an order");
    return Key(model.key(input));
  } else {
    return NoKey();
  }
}

template <SequentialModel Model>
bool only_observes(const Model& model, const typename Model::Input& input,
                   const std::optional<typename Model::Output>& output) {
  if constexpr (requires { model.only_observes(input, output); }) {
    return model.only_observes(input, output);
  } else {
    return false;
  }
}

template <class Key, SequentialModel Model>
std::string key_text(const Model& model, const Key& key) {
  if constexpr (std::same_as<Key, NoKey>) {
    return "";
  } else if constexpr (requires { model.describe_key(key); }) {
    return model.describe_key(key);
  } else {
    static_assert(PrintableValue<Key>, "give the model a describe_key(key)");
    return value_text(key);
  }
}

template <SequentialModel Model>
std::string state_text(const Model& model, const typename Model::State& state) {
  if constexpr (requires { model.describe_state(state); }) {
    return model.describe_state(state);
  } else {
    return "";
  }
}

}  // namespace detail
}  // namespace piccolo::sim
