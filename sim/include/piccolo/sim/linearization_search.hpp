#pragma once

// The search behind `check_linearizable`, for one partition of a history: depth first over the
// orders that respect real time (Wing and Gong), each configuration once (Lowe), as Porcupine does
// it. On top of that, none of which changes a verdict:
//   * An operation that the model says only observes is placed at once where its answer fits,
//     without alternatives: in any order that has it later it can be moved here. (Not so a write of
//     the value that is there already: it may be needed later, to overwrite another.)
//   * Unknown operations are tried after those that returned, never where they leave the state as
//     it is, never where what follows would lead to the same state without, and of two with the
//     same input the earlier first. A configuration that spent more of them than another, all else
//     equal, is dropped (visited_states.hpp).

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "piccolo/core/assert.hpp"
#include "piccolo/sim/history.hpp"
#include "piccolo/sim/pending_list.hpp"
#include "piccolo/sim/visited_states.hpp"

namespace piccolo::sim {

enum class Verdict : std::uint8_t { linearizable, not_linearizable, undecided };

namespace detail {

template <SequentialModel Model>
class LinearizationSearch {
 public:
  using State = typename Model::State;
  using Operation = RecordedOperation<Model>;

  // How far the search got. If the verdict is not_linearizable, there is an order that explains all
  // returns before that of `culprit`, and none that explains that one, too, so that what is called
  // later does not matter.
  struct Furthest {
    std::vector<const Operation*> order;  // a longest one, without the culprit
    const Operation* culprit = nullptr;
    const State* state = nullptr;  // after `order`; lives as long as the search
  };

  // `operations`: without failed ones, in the order of their calls. Keeps references to all.
  LinearizationSearch(const Model& model, std::vector<const Operation*> operations,
                      std::uint64_t max_steps)
      : model_(model),
        max_steps_(max_steps),
        operations_(std::move(operations)),
        returned_(returned_first(operations_)),
        pending_(intervals(operations_, returned_)),
        visited_(returned_),
        used_((operations_.size() - returned_) / word_bits + 1),
        twin_(twins(operations_, returned_)) {}

  Verdict run() {
    if (pending_.empty()) return Verdict::linearizable;
    enter({}, initial_state(model_));
    while (!pending_.empty()) {
      if (exhausted_) {
        note_progress();
        return Verdict::undecided;
      }
      if (frames_.empty()) return Verdict::not_linearizable;
      Frame& top = frames_.back();
      if (top.tried < top.next.size() || widen(top)) {
        advance(top.next[top.tried++]);
      } else if (!exhausted_) {
        retreat();
      }
    }
    return Verdict::linearizable;
  }

  // Calls of the model's `step`.
  std::uint64_t steps() const noexcept { return steps_; }
  // Not if the verdict is linearizable.
  const Furthest& furthest() const noexcept { return furthest_; }

 private:
  static constexpr std::size_t word_bits = 64;
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  enum class Stage : std::uint8_t { fresh, returned_tried, done };

  // How a frame was reached.
  struct Step {
    std::size_t operation = none;
    std::size_t placed = 0;   // operations that returned
    std::size_t highest = 0;  // of these
  };
  struct Frame {
    Step by;
    const State* state = nullptr;
    std::vector<std::size_t> next;  // operations that are possible here
    std::size_t tried = 0;
    Stage stage = Stage::fresh;
  };
  // Compared: the return that cannot be passed, operations placed, unknown ones not used.
  using Progress = std::tuple<std::uint64_t, std::size_t, std::size_t>;

  // From here on, numbers of operations are indices: first those that returned, then the unknown.
  static std::size_t returned_first(std::vector<const Operation*>& operations) {
    // By hand: clang++ calls libstdc++'s stable_partition deprecated, for its buffer.
    const auto is_unknown = [](const Operation* operation) { return !operation->output; };
    std::vector<const Operation*> unknown;
    std::ranges::copy_if(operations, std::back_inserter(unknown), is_unknown);
    std::erase_if(operations, is_unknown);
    const std::size_t returned = operations.size();
    operations.insert(operations.end(), unknown.begin(), unknown.end());
    return returned;
  }

  static std::vector<PendingList::Interval> intervals(
      const std::vector<const Operation*>& operations, std::size_t returned) {
    std::vector<PendingList::Interval> result;
    result.reserve(returned);
    for (std::size_t index = 0; index < returned; ++index) {
      result.push_back({operations[index]->called, operations[index]->returned});
    }
    return result;
  }

  // For each unknown operation the last one before it with the same input.
  static std::vector<std::size_t> twins(const std::vector<const Operation*>& operations,
                                        std::size_t returned) {
    std::vector<std::size_t> result(operations.size() - returned, none);
    if constexpr (std::equality_comparable<typename Model::Input>) {
      for (std::size_t later = returned; later < operations.size(); ++later) {
        for (std::size_t earlier = later; earlier-- > returned;) {
          if (!(operations[earlier]->input == operations[later]->input)) continue;
          result[later - returned] = earlier;
          break;
        }
      }
    }
    return result;
  }

  std::optional<State> step(const State& state, std::size_t operation) {
    exhausted_ = exhausted_ || steps_ == max_steps_;
    if (exhausted_) return std::nullopt;
    ++steps_;
    return model_.step(state, operations_[operation]->input, operations_[operation]->output);
  }

  bool is_observation(std::size_t operation) const {
    return only_observes(model_, operations_[operation]->input, operations_[operation]->output);
  }

  // Finds more operations that are possible in the frame, which is the last one.
  bool widen(Frame& frame) {
    if (frame.stage == Stage::fresh) {
      frame.stage = Stage::returned_tried;
      list_returned(frame);
      if (!frame.next.empty()) return true;
    }
    if (frame.stage == Stage::returned_tried) {
      frame.stage = Stage::done;
      list_unknown(frame);
    }
    return frame.tried < frame.next.size();
  }

  void list_returned(Frame& frame) {
    for (auto node = pending_.first(); !PendingList::is_return(node); node = pending_.next(node)) {
      const std::size_t operation = PendingList::operation(node);
      const std::optional<State> after = step(*frame.state, operation);
      if (!after || unknown_was_wasted(operation, *after)) continue;
      frame.next.push_back(operation);
      if (!is_observation(operation)) continue;
      PICCOLO_ASSERT(*after == *frame.state,
                     "model: an operation that only observes, it says, changed the state");
      frame.next = {operation};
      frame.stage = Stage::done;
      return;
    }
  }

  void list_unknown(Frame& frame) {
    if (returned_ == operations_.size()) return;
    const std::uint64_t deadline = operations_[pending_.most_urgent()]->returned;
    for (std::size_t index = returned_; index < operations_.size(); ++index) {
      if (operations_[index]->called > deadline) return;
      const std::size_t twin = twin_[index - returned_];
      if (is_used(index) || (twin != none && !is_used(twin))) continue;
      const std::optional<State> after = step(*frame.state, index);
      if (!after || *after == *frame.state || unknown_was_wasted(index, *after)) continue;
      frame.next.push_back(index);
    }
  }

  // Whether the last frame was reached by an unknown operation, and the one that shall follow leads
  // to the same state without it: then the frame before leads there, having spent less.
  bool unknown_was_wasted(std::size_t operation, const State& after) {
    const std::size_t last = frames_.back().by.operation;
    if (last == none || last < returned_) return false;
    const std::optional<State> without = step(*frames_[frames_.size() - 2].state, operation);
    return without && *without == after;
  }

  void advance(std::size_t operation) {
    const Frame& from = frames_.back();
    std::optional<State> after = step(*from.state, operation);
    if (!after) return;  // out of steps: it was possible when it was listed
    Step by = from.by;
    by.operation = operation;
    if (operation < returned_) {
      ++by.placed;
      by.highest = std::max(by.highest, operation);
    }
    place(operation);
    if (!pending_.empty() && !enter(by, std::move(*after))) take_back(operation);
  }

  bool enter(const Step& by, State state) {
    const Bits beyond = pending_.placed_beyond(by.highest);
    const State* const kept =
        visited_.enter(pending_.first_pending(), beyond, std::move(state), used_);
    if (kept == nullptr) return false;
    frames_.push_back(Frame{.by = by, .state = kept, .next = {}});
    return true;
  }

  void retreat() {
    note_progress();
    const std::size_t operation = frames_.back().by.operation;
    frames_.pop_back();
    if (operation != none) take_back(operation);
  }

  void place(std::size_t operation) noexcept {
    if (operation < returned_) {
      pending_.lift(operation);
    } else {
      flip_used(operation);
    }
  }

  void take_back(std::size_t operation) noexcept {
    if (operation < returned_) {
      pending_.unlift(operation);
    } else {
      flip_used(operation);
    }
  }

  bool is_used(std::size_t operation) const noexcept {
    const std::size_t index = operation - returned_;
    return (used_[index / word_bits] >> (index % word_bits) & 1U) != 0;
  }
  void flip_used(std::size_t operation) noexcept {
    const std::size_t index = operation - returned_;
    used_[index / word_bits] ^= std::uint64_t{1} << (index % word_bits);
  }

  // Of the last frame, of which all has been tried.
  void note_progress() {
    const Frame& frame = frames_.back();
    const Operation* const culprit = operations_[pending_.most_urgent()];
    const std::size_t unknown_used = frames_.size() - 1 - frame.by.placed;
    const Progress progress{culprit->returned, frame.by.placed, operations_.size() - unknown_used};
    if (furthest_.culprit != nullptr && progress <= progress_) return;
    progress_ = progress;
    furthest_.culprit = culprit;
    furthest_.state = frame.state;
    furthest_.order.clear();
    for (std::size_t index = 1; index < frames_.size(); ++index) {
      furthest_.order.push_back(operations_[frames_[index].by.operation]);
    }
  }

  const Model& model_;
  std::uint64_t max_steps_;
  std::uint64_t steps_ = 0;
  bool exhausted_ = false;
  std::vector<const Operation*> operations_;
  std::size_t returned_;  // so many returned
  PendingList pending_;
  VisitedStates<State> visited_;
  Bits used_;  // unknown operations
  std::vector<std::size_t> twin_;
  std::vector<Frame> frames_;
  Progress progress_{};
  Furthest furthest_;
};

}  // namespace detail
}  // namespace piccolo::sim
