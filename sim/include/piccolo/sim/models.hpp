#pragma once

// Ready models: a register, a map of registers, a FIFO queue. Values and keys are integers, bools
// or strings.
//     using Register = RegisterModel<>;
//     const auto id = history.call("c1", Register::write(7), now);
//     history.returned(id, Register::done(), now);
// An answer of the wrong kind (`done` for a read) aborts in the check.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "piccolo/core/assert.hpp"
#include "piccolo/sim/sequential_model.hpp"

namespace piccolo::sim {

// What an operation of these models returned. Made by the models' `done`, `got` and `swapped`.
template <PrintableValue Value>
struct Answer {
  enum class Kind : std::uint8_t { done, got, swapped };
  Kind kind = Kind::done;
  std::optional<Value> value;  // of `got`
  bool swapped = false;        // of `swapped`

  bool operator==(const Answer&) const = default;
};

namespace detail {

template <PrintableValue Value>
std::string optional_text(const std::optional<Value>& value) {
  return value ? value_text(*value) : "nothing";
}

// ` -> 7` behind what was asked; nothing behind what only has to be done.
template <PrintableValue Value>
std::string answer_text(const std::optional<Answer<Value>>& answer) {
  using Kind = typename Answer<Value>::Kind;
  if (!answer) return " -> ?";
  if (answer->kind == Kind::done) return "";
  if (answer->kind == Kind::swapped) return answer->swapped ? " -> yes" : " -> no";
  return " -> " + optional_text(answer->value);
}

template <PrintableValue Value>
void expect_kind(const std::optional<Answer<Value>>& answer, typename Answer<Value>::Kind kind) {
  PICCOLO_ASSERT(!answer || answer->kind == kind,
                 "model: this operation returned another kind of answer (done, got, swapped)");
}

// Of a state that can be compared with `expected`: what a compare-and-swap makes of it.
template <class State, PrintableValue Value>
std::optional<State> compare_and_swap(const State& state, const State& expected,
                                      const State& desired,
                                      const std::optional<Answer<Value>>& answer) {
  expect_kind(answer, Answer<Value>::Kind::swapped);
  const bool swaps = state == expected;
  if (answer && answer->swapped != swaps) return std::nullopt;
  return std::optional<State>(std::in_place, swaps ? desired : state);
}

template <PrintableValue Value>
bool only_observes(bool reads, const std::optional<Answer<Value>>& answer) {
  return reads || (answer && answer->kind == Answer<Value>::Kind::swapped && !answer->swapped);
}

}  // namespace detail

// One value; `initial_value` until something else is written.
template <PrintableValue Value = std::int64_t>
struct RegisterModel {
  enum class Kind : std::uint8_t { read, write, compare_and_swap };
  struct Input {
    Kind kind = Kind::read;
    Value value{};     // to be written
    Value expected{};  // by compare_and_swap
    bool operator==(const Input&) const = default;
  };
  using Output = Answer<Value>;
  using State = Value;

  Value initial_value{};

  static Input read() { return {}; }
  static Input write(Value value) { return {Kind::write, std::move(value), {}}; }
  static Input compare_and_swap(Value expected, Value desired) {
    return {Kind::compare_and_swap, std::move(desired), std::move(expected)};
  }
  static Output done() { return {}; }
  static Output got(Value value) { return {Output::Kind::got, std::move(value), false}; }
  static Output swapped(bool yes) { return {Output::Kind::swapped, std::nullopt, yes}; }

  State initial() const { return initial_value; }

  static std::optional<State> step(const State& state, const Input& input,
                                   const std::optional<Output>& output) {
    switch (input.kind) {
      case Kind::read:
        detail::expect_kind(output, Output::Kind::got);
        if (output && output->value != state) return std::nullopt;
        return state;
      case Kind::write:
        detail::expect_kind(output, Output::Kind::done);
        return input.value;
      case Kind::compare_and_swap:
        return detail::compare_and_swap(state, input.expected, input.value, output);
    }
    return std::nullopt;
  }

  static bool only_observes(const Input& input, const std::optional<Output>& output) {
    return detail::only_observes(input.kind == Kind::read, output);
  }

  static std::string describe(const Input& input, const std::optional<Output>& output) {
    std::string text;
    switch (input.kind) {
      case Kind::read:
        text = "read";
        break;
      case Kind::write:
        text = "write " + value_text(input.value);
        break;
      case Kind::compare_and_swap:
        text = "swap " + value_text(input.expected) + " for " + value_text(input.value);
        break;
    }
    return text + detail::answer_text(output);
  }

  static std::string describe_state(const State& state) { return value_text(state); }
};

// A register for each key, which has no value until one is put. Checked key by key.
template <PrintableValue Key = std::string, PrintableValue Value = std::int64_t>
struct MapModel {
  enum class Kind : std::uint8_t { get, put, erase, compare_and_swap };
  struct Input {
    Kind kind = Kind::get;
    Key at{};
    std::optional<Value> value;     // to be put
    std::optional<Value> expected;  // by compare_and_swap; nothing: the key has no value
    bool operator==(const Input&) const = default;
  };
  using Output = Answer<Value>;
  using State = std::optional<Value>;  // of one key

  static Input get(Key at) { return {Kind::get, std::move(at), {}, {}}; }
  static Input put(Key at, Value value) {
    return {Kind::put, std::move(at), std::move(value), std::nullopt};
  }
  static Input erase(Key at) { return {Kind::erase, std::move(at), {}, {}}; }
  static Input compare_and_swap(Key at, std::optional<Value> expected, Value desired) {
    return {Kind::compare_and_swap, std::move(at), std::move(desired), std::move(expected)};
  }
  static Output done() { return {}; }
  static Output got(std::optional<Value> value) {
    return {Output::Kind::got, std::move(value), false};
  }
  static Output swapped(bool yes) { return {Output::Kind::swapped, std::nullopt, yes}; }

  static const Key& key(const Input& input) { return input.at; }

  static std::optional<State> step(const State& state, const Input& input,
                                   const std::optional<Output>& output) {
    switch (input.kind) {
      case Kind::get:
        detail::expect_kind(output, Output::Kind::got);
        if (output && output->value != state) return std::nullopt;
        return std::optional<State>(std::in_place, state);
      case Kind::put:
      case Kind::erase:
        detail::expect_kind(output, Output::Kind::done);
        return std::optional<State>(std::in_place, input.value);
      case Kind::compare_and_swap:
        return detail::compare_and_swap(state, input.expected, input.value, output);
    }
    return std::nullopt;
  }

  static bool only_observes(const Input& input, const std::optional<Output>& output) {
    return detail::only_observes(input.kind == Kind::get, output);
  }

  static std::string describe(const Input& input, const std::optional<Output>& output) {
    const std::string at = value_text(input.at);
    std::string text;
    switch (input.kind) {
      case Kind::get:
        text = "get " + at;
        break;
      case Kind::put:
        text = "put " + at + " = " + detail::optional_text(input.value);
        break;
      case Kind::erase:
        text = "erase " + at;
        break;
      case Kind::compare_and_swap:
        text = "swap " + at + " from " + detail::optional_text(input.expected) + " to " +
               detail::optional_text(input.value);
        break;
    }
    return text + detail::answer_text(output);
  }

  static std::string describe_state(const State& state) { return detail::optional_text(state); }
};

// First in, first out. A pop of an empty queue returns nothing. Not partitioned, and each state is
// a copy of the queue: the cost of checking grows with its length.
template <PrintableValue Value = std::int64_t>
struct QueueModel {
  struct Input {
    std::optional<Value> value;  // to be pushed; nothing: a pop
    bool operator==(const Input&) const = default;
  };
  using Output = Answer<Value>;
  using State = std::vector<Value>;  // the front first

  static Input push(Value value) { return {std::move(value)}; }
  static Input pop() { return {}; }
  static Output done() { return {}; }
  static Output got(std::optional<Value> value) {
    return {Output::Kind::got, std::move(value), false};
  }

  static std::optional<State> step(const State& state, const Input& input,
                                   const std::optional<Output>& output) {
    detail::expect_kind(output, input.value ? Output::Kind::done : Output::Kind::got);
    if (input.value) {
      State after = state;
      after.push_back(*input.value);
      return after;
    }
    const std::optional<Value> front =
        state.empty() ? std::nullopt : std::optional<Value>(state.front());
    if (output && output->value != front) return std::nullopt;
    return state.empty() ? State() : State(state.begin() + 1, state.end());
  }

  static bool only_observes(const Input& input, const std::optional<Output>& output) {
    return !input.value && output && !output->value;  // found it empty
  }

  static std::string describe(const Input& input, const std::optional<Output>& output) {
    const std::string text = input.value ? "push " + value_text(*input.value) : "pop";
    return text + detail::answer_text(output);
  }

  static std::string describe_state(const State& state) {
    if (state.empty()) return "empty";
    constexpr std::size_t shown = 5;
    std::string text;
    for (std::size_t index = 0; index < state.size() && index < shown; ++index) {
      text += (index == 0 ? "" : ", ") + value_text<Value>(state[index]);
    }
    return state.size() > shown ? text + ", and " + std::to_string(state.size() - shown) + " more"
                                : text;
  }
};

}  // namespace piccolo::sim
