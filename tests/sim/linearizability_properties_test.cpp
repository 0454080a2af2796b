// The checker against real objects, against all permutations, and against histories that say the
// same.

#include <algorithm>
#include <numeric>

#include "history_script.hpp"
#include "piccolo/sim/linearizability.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

using sim::Verdict;

Workload any_workload() {
  Workload load;
  load.operations = *rc::gen::inRange<std::size_t>(1, 60);
  load.clients = *rc::gen::inRange<std::size_t>(1, 7);
  load.values = *rc::gen::inRange<std::uint64_t>(1, 5);
  load.lost_percent = *rc::gen::element<std::uint64_t>(0, 5, 20);
  load.failed_percent = *rc::gen::element<std::uint64_t>(0, 10);
  return load;
}

template <class Real>
void check_real_object(const Workload& load, std::uint64_t seed) {
  const auto result = sim::check_linearizable(real_history<Real>(load, seed));
  RC_LOG() << "seed " << seed << "\n" << result.explanation;
  RC_ASSERT(result.verdict == Verdict::linearizable);
}

// Whether the operations in this order respect real time and the model.
template <class Model>
bool explains(const sim::History<Model>& history, const std::vector<std::size_t>& order) {
  typename Model::State state = sim::detail::initial_state(history.model());
  for (std::size_t index = 0; index < order.size(); ++index) {
    const auto& operation = history.operations()[order[index]];
    for (std::size_t later = index + 1; later < order.size(); ++later) {
      const auto& other = history.operations()[order[later]];
      if (other.output && other.returned < operation.called) return false;
    }
    const auto after = history.model().step(state, operation.input, operation.output);
    if (!after) return false;
    state = *after;
  }
  return true;
}

// By the definition: each choice of unknown operations, in each order.
template <class Model>
bool has_order(const sim::History<Model>& history) {
  std::vector<std::size_t> known;
  std::vector<std::size_t> unknown;
  for (std::size_t index = 0; index < history.operations().size(); ++index) {
    const auto& operation = history.operations()[index];
    if (!operation.failed) (operation.output ? known : unknown).push_back(index);
  }
  for (std::uint64_t choice = 0; choice < std::uint64_t{1} << unknown.size(); ++choice) {
    std::vector<std::size_t> order = known;
    for (std::size_t bit = 0; bit < unknown.size(); ++bit) {
      if ((choice >> bit & 1U) != 0) order.push_back(unknown[bit]);
    }
    std::ranges::sort(order);
    do {
      if (explains(history, order)) return true;
    } while (std::ranges::next_permutation(order).found);
  }
  return false;
}

// The whole map at once.
struct WholeMap {
  using State = std::map<std::string, std::int64_t>;
  using Input = Map::Input;
  using Output = Map::Output;
  static std::optional<State> step(const State& state, const Input& input,
                                   const std::optional<Output>& output) {
    const auto found = state.find(input.at);
    const auto value = found == state.end() ? std::nullopt : std::optional(found->second);
    const auto after = Map::step(value, input, output);
    if (!after) return std::nullopt;
    State result = state;
    result.erase(input.at);
    if (*after) result[input.at] = **after;
    return result;
  }
  static std::string describe(const Input& input, const std::optional<Output>& output) {
    return Map::describe(input, output);
  }
};

template <class To, class Model>
sim::History<To> as_model(const sim::History<Model>& history) {
  sim::History<To> result;
  for (const auto& [operation, is_return] : events_of(history)) {
    const auto& recorded = history.operations()[operation];
    const auto id = static_cast<sim::OperationId>(operation);
    if (is_return) {
      result.returned(id, *recorded.output, recorded.returned_at);
    } else {
      REQUIRE(result.call(recorded.client, recorded.input, recorded.called_at) == id);
      if (recorded.failed) result.failed(id);
    }
  }
  return result;
}

// Small, and some with answers that no object gave.
template <class Real>
sim::History<typename Real::Model> any_small_history(std::uint64_t seed) {
  Dice dice(seed);
  Workload load;
  load.operations = 2 + dice.below(5);
  load.clients = 2 + dice.below(3);
  load.values = 2 + dice.below(2);
  load.lost_percent = dice.below(2) * 15;
  load.failed_percent = dice.below(2) * 10;
  const auto history = real_history<Real>(load, dice.below(1'000'000));
  const std::uint64_t wrong_percent = dice.below(3) * 25;
  sim::History<typename Real::Model> result;
  for (const auto& [operation, is_return] : events_of(history)) {
    const auto& recorded = history.operations()[operation];
    const auto id = static_cast<sim::OperationId>(operation);
    if (!is_return) {
      REQUIRE(result.call(recorded.client, recorded.input, recorded.called_at) == id);
      if (recorded.failed) result.failed(id);
    } else if (dice.percent(wrong_percent)) {
      const auto wrong = Real::any_output(dice, recorded.input, load.values);
      result.returned(id, wrong, recorded.returned_at);
    } else {
      result.returned(id, *recorded.output, recorded.returned_at);
    }
  }
  return result;
}

struct Seen {
  std::size_t linearizable = 0;
  std::size_t not_linearizable = 0;
};

// `Whole`: the model without keys.
template <class Real, class Whole = typename Real::Model>
void agree_with_permutations() {
  Seen seen;
  rc::prop("for every small history", [&seen](std::uint64_t seed) {
    for (std::uint64_t index = 0; index < 20; ++index) {
      const auto history = any_small_history<Real>(seed + index);
      const auto result = sim::check_linearizable(history);
      RC_LOG() << "seed " << seed + index << "\n" << result.explanation;
      const bool expected = has_order(as_model<Whole>(history));
      RC_ASSERT(result.verdict == (expected ? Verdict::linearizable : Verdict::not_linearizable));
      ++(expected ? seen.linearizable : seen.not_linearizable);
    }
  });
  // A quarter of each at least, when it was written.
  CHECK(seen.linearizable > 100);
  CHECK(seen.not_linearizable > 100);
}

// The part of the history that the checker holds responsible. `with_culprit`: all calls until the
// culprit's return, as they are; otherwise only what had returned before it is still known.
template <class Model>
sim::History<Model> until_culprit(const sim::History<Model>& history, sim::OperationId culprit,
                                  bool with_culprit) {
  const std::uint64_t end = history.operations()[static_cast<std::size_t>(culprit)].returned;
  std::vector<Event<Model>> kept;
  for (const auto& event : events_of(history)) {
    const auto& operation = history.operations()[event.operation];
    if (operation.called > end) continue;
    if (event.is_return && !with_culprit && operation.returned >= end) continue;
    kept.push_back(event);
  }
  return replayed(
      history, kept, [](std::size_t) { return std::string("c"); },
      [](std::size_t) { return TimePoint(); });
}

// Neighbouring calls may change places, and neighbouring returns: no operation precedes another
// that did not before. Names and times may be anything.
template <class Model>
sim::History<Model> said_otherwise(const sim::History<Model>& history, std::uint64_t seed) {
  Dice dice(seed);
  auto events = events_of(history);
  for (std::size_t count = 0; count < 4 * events.size() && events.size() > 1; ++count) {
    const std::size_t at = dice.below(events.size() - 1);
    if (events[at].is_return == events[at + 1].is_return) std::swap(events[at], events[at + 1]);
  }
  return replayed(
      history, events, [&dice](std::size_t) { return std::to_string(dice.below(3)); },
      [&dice](std::size_t) { return TimePoint(Duration(dice.below(1000))); });
}

}  // namespace

TEST_CASE("what a real object did is linearizable") {
  rc::prop("a register",
           [](std::uint64_t seed) { check_real_object<RealRegister>(any_workload(), seed); });
  rc::prop("a map", [](std::uint64_t seed) { check_real_object<RealMap>(any_workload(), seed); });
  rc::prop("a queue", [](std::uint64_t seed) {
    Workload load = any_workload();
    load.operations = std::min<std::size_t>(load.operations, 30);
    check_real_object<RealQueue>(load, seed);
  });
}

TEST_CASE("the checker agrees with trying all permutations of a register's history") {
  agree_with_permutations<RealRegister>();
}

TEST_CASE("the checker agrees with trying all permutations of a map's history") {
  agree_with_permutations<RealMap, WholeMap>();
}

TEST_CASE("the checker agrees with trying all permutations of a queue's history") {
  agree_with_permutations<RealQueue>();
}

TEST_CASE("a map is linearizable if each key is") {
  Seen seen;
  rc::prop("for every small history", [&seen](std::uint64_t seed) {
    for (std::uint64_t index = 0; index < 20; ++index) {
      const auto history = any_small_history<RealMap>(seed + index);
      const Verdict by_key = sim::check_linearizable(history).verdict;
      RC_ASSERT(by_key == sim::check_linearizable(as_model<WholeMap>(history)).verdict);
      ++(by_key == Verdict::linearizable ? seen.linearizable : seen.not_linearizable);
    }
  });
  CHECK(seen.linearizable > 100);
  CHECK(seen.not_linearizable > 100);
}

TEST_CASE("the culprit is where the trouble begins") {
  std::size_t culprits = 0;
  rc::prop("for every small history", [&culprits](std::uint64_t seed) {
    for (std::uint64_t index = 0; index < 20; ++index) {
      const auto history = any_small_history<RealRegister>(seed + index);
      const auto result = sim::check_linearizable(history);
      if (!result.culprit) continue;
      RC_LOG() << "seed " << seed + index << "\n" << result.explanation;
      RC_ASSERT(!has_order(until_culprit(history, *result.culprit, true)));
      RC_ASSERT(has_order(until_culprit(history, *result.culprit, false)));
      ++culprits;
    }
  });
  CHECK(culprits > 100);
}

TEST_CASE("names, times and the numbering of events do not change a verdict") {
  Seen seen;
  rc::prop("for every small history", [&seen](std::uint64_t seed) {
    for (std::uint64_t index = 0; index < 20; ++index) {
      const auto history = any_small_history<RealRegister>(seed + index);
      const Verdict once = sim::check_linearizable(history).verdict;
      RC_ASSERT(once == sim::check_linearizable(said_otherwise(history, seed)).verdict);
      ++(once == Verdict::linearizable ? seen.linearizable : seen.not_linearizable);
    }
  });
  CHECK(seen.linearizable > 100);
  CHECK(seen.not_linearizable > 100);
}

TEST_CASE("a check is a function of its history") {
  rc::prop("for every small history", [](std::uint64_t seed) {
    const auto history = any_small_history<RealQueue>(seed);
    const auto once = sim::check_linearizable(history);
    const auto again = sim::check_linearizable(any_small_history<RealQueue>(seed));
    RC_ASSERT(once.explanation == again.explanation);
    RC_ASSERT(once.steps == again.steps);
  });
}

}  // namespace piccolo::test
