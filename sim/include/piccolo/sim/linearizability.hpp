#pragma once

// Whether a history can be explained by its model: whether its operations can be put in an order,
// each at one moment between its call and its return, in which the model gives every answer that
// was given (linearizability; Herlihy and Wing, ACM TOPLAS 12, 1990). Each key's operations are
// checked by themselves (P-compositionality; Horn and Kroening, FORTE 2015).
//
// The problem is NP-complete; the search (linearization_search.hpp) is quick when few operations
// overlap. It is bounded in steps, never in time, so a verdict is a function of history and limits.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "piccolo/core/time.hpp"
#include "piccolo/sim/history.hpp"
#include "piccolo/sim/linearization_search.hpp"

namespace piccolo::sim {

struct CheckLimits {
  // Calls of the model's `step` for each key, so that no key's verdict depends on another key. What
  // the search remembers grows with them, by one state and some 200 bytes a step at most.
  std::uint64_t steps = 2'000'000;
  // Operations that an explanation lists, at least two.
  std::size_t shown = 20;
};

struct LinearizabilityResult {
  // Undecided: the steps were used up for some key, and no other key is at fault.
  Verdict verdict = Verdict::linearizable;
  // Lines of 80 columns at most, each ended by a newline, about the first key at fault; empty if
  // linearizable.
  std::string explanation;
  // If not linearizable: there is an order that explains all returns (of its key) before that of
  // this operation, and none that explains this one, too. Calls after its return do not matter.
  std::optional<OperationId> culprit;
  std::uint64_t steps = 0;  // that were taken, for all keys together
};

// "linearizable", "not linearizable", "undecided"
std::string_view verdict_name(Verdict verdict) noexcept;

namespace detail {

struct ExplainedOperation {
  std::size_t place = 0;  // in the longest order; 0: none
  bool culprit = false;
  std::string client;
  TimePoint called_at;
  std::optional<TimePoint> returned_at;
  std::string text;
};

struct Explanation {
  Verdict verdict = Verdict::undecided;
  std::string key;    // text; empty if the model has none
  std::string state;  // text; empty if the model has none
  std::uint64_t max_steps = 0;
  std::size_t operations = 0;                // with this key
  std::size_t placed = 0;                    // of these
  std::size_t later = 0;                     // called after the culprit's return
  std::vector<ExplainedOperation> last;      // the last of those placed, in their order
  std::vector<ExplainedOperation> unplaced;  // the culprit, then others; not the later ones
  std::size_t unplaced_hidden = 0;
};

std::string explanation_text(const Explanation& explanation);

template <SequentialModel Model>
using Operations = std::vector<const RecordedOperation<Model>*>;

template <SequentialModel Model>
auto partitions(const History<Model>& history) {
  using Key = decltype(partition_key(history.model(), history.operations().front().input));
  std::map<Key, Operations<Model>> result;
  for (const RecordedOperation<Model>& operation : history.operations()) {
    if (operation.failed) continue;
    // An unknown read explains nothing, and need not be explained.
    if (!operation.output && only_observes(history.model(), operation.input, operation.output)) {
      continue;
    }
    result[partition_key(history.model(), operation.input)].push_back(&operation);
  }
  return result;
}

template <SequentialModel Model>
ExplainedOperation explained(const Model& model, const RecordedOperation<Model>& operation) {
  ExplainedOperation result;
  result.client = operation.client;
  result.called_at = operation.called_at;
  if (operation.output) result.returned_at = operation.returned_at;
  result.text = model.describe(operation.input, operation.output);
  return result;
}

// Those that no place was found for: the culprit, others that returned, unknown ones.
template <SequentialModel Model>
Operations<Model> unplaced(const Operations<Model>& all,
                           const typename LinearizationSearch<Model>::Furthest& furthest) {
  Operations<Model> placed = furthest.order;
  const auto by_call = [](const auto* left, const auto* right) {
    return left->called < right->called;
  };
  std::ranges::sort(placed, by_call);
  Operations<Model> result{furthest.culprit};
  for (const bool unknown : {false, true}) {
    for (const auto* const operation : all) {
      if (operation == furthest.culprit || operation->output.has_value() == unknown) continue;
      if (!std::ranges::binary_search(placed, operation, by_call)) result.push_back(operation);
    }
  }
  return result;
}

template <SequentialModel Model>
Explanation explain(const Model& model, const Operations<Model>& all, Verdict verdict,
                    const typename LinearizationSearch<Model>::Furthest& furthest,
                    const CheckLimits& limits) {
  Explanation result{.verdict = verdict, .key = {}, .state = {}, .last = {}, .unplaced = {}};
  result.state = state_text(model, *furthest.state);
  result.max_steps = limits.steps;
  result.operations = all.size();
  result.placed = furthest.order.size();
  const std::size_t half = std::max<std::size_t>(limits.shown / 2, 1);
  for (const auto* const operation : unplaced<Model>(all, furthest)) {
    if (operation->called > furthest.culprit->returned) {
      ++result.later;
    } else if (result.unplaced.size() == half) {
      ++result.unplaced_hidden;
    } else {
      result.unplaced.push_back(explained(model, *operation));
    }
  }
  result.unplaced.front().culprit = true;
  const std::size_t room = std::max(limits.shown, 2 * half) - result.unplaced.size();
  for (std::size_t index = result.placed - std::min(room, result.placed); index < result.placed;
       ++index) {
    result.last.push_back(explained(model, *furthest.order[index]));
    result.last.back().place = index + 1;
  }
  return result;
}

}  // namespace detail

template <SequentialModel Model>
LinearizabilityResult check_linearizable(const History<Model>& history,
                                         const CheckLimits& limits = {}) {
  LinearizabilityResult result;
  for (const auto& [key, operations] : detail::partitions(history)) {
    detail::LinearizationSearch<Model> search(history.model(), operations, limits.steps);
    const Verdict verdict = search.run();
    result.steps += search.steps();
    // A second undecided key adds nothing; a culprit does.
    if (verdict == Verdict::linearizable || verdict == result.verdict) continue;
    result.verdict = verdict;
    auto explanation =
        detail::explain(history.model(), operations, verdict, search.furthest(), limits);
    explanation.key = detail::key_text(history.model(), key);
    result.explanation = detail::explanation_text(explanation);
    if (verdict == Verdict::undecided) continue;
    const auto index = search.furthest().culprit - history.operations().data();
    result.culprit = static_cast<OperationId>(index);
    break;
  }
  return result;
}

}  // namespace piccolo::sim
