// Recording, a model of the user's own, and misuse.

#include <set>

#include "history_script.hpp"
#include "piccolo/sim/linearizability.hpp"
#include "property.hpp"
#include "unit/death.hpp"

namespace piccolo::test {
namespace {

using sim::Verdict;

// A lock: a state with == only, neither key nor texts beyond what must be.
struct Lock {
  struct State {
    std::string owner;
    bool operator==(const State&) const = default;
  };
  struct Input {
    std::string who;
    bool takes = true;
  };
  using Output = bool;

  static std::optional<State> step(const State& state, const Input& input,
                                   const std::optional<Output>& output) {
    const bool works = input.takes ? state.owner.empty() : state.owner == input.who;
    if (output && *output != works) return std::nullopt;
    if (!works) return state;
    return State{input.takes ? input.who : ""};
  }
  static std::string describe(const Input& input, const std::optional<Output>& output) {
    return (input.takes ? "take " : "release ") + input.who +
           (!output   ? ""
            : *output ? ": yes"
                      : ": no");
  }
};
static_assert(sim::SequentialModel<Lock>);
static_assert(!std::totally_ordered<Lock::State>);

// Says that writes only observe.
struct Liar : Register {
  static bool only_observes(const Input&, const std::optional<Output>&) { return true; }
};

struct NoStep {
  using State = int;
  using Input = int;
  using Output = int;
  static std::string describe(int, const std::optional<int>&) { return ""; }
};
static_assert(!sim::SequentialModel<NoStep>);

}  // namespace

TEST_CASE("a history keeps what was recorded, in the order of the calls") {
  sim::History<Register> history;
  const auto write = history.call("a", Register::write(1), TimePoint(Duration(9)));
  const auto read = history.call("b", Register::read(), TimePoint(Duration(5)));
  const auto failed = history.call("a", Register::write(2), TimePoint(Duration(6)));
  history.returned(read, Register::got(0), TimePoint(Duration(7)));
  history.failed(failed);
  const auto& operations = history.operations();
  REQUIRE(operations.size() == 3);
  CHECK(static_cast<std::size_t>(write) == 0);
  CHECK(operations[0].client == "a");
  CHECK(operations[0].input == Register::write(1));
  CHECK(operations[0].called_at == TimePoint(Duration(9)));
  CHECK(!operations[0].output);
  CHECK(operations[1].output == Register::got(0));
  CHECK(operations[1].returned_at == TimePoint(Duration(7)));
  CHECK(operations[1].called < operations[2].called);
  CHECK(operations[2].called < operations[1].returned);
  CHECK(operations[2].failed);
  CHECK(!operations[0].failed);
}

TEST_CASE("the order of recording counts and not the times") {
  Script<Register> script;
  const TimePoint noon(std::chrono::hours(12));
  const auto write = script.history.call("a", Register::write(1), noon);
  script.history.returned(write, Register::done(), noon);
  const auto read = script.history.call("b", Register::read(), noon - std::chrono::hours(1));
  script.history.returned(read, Register::got(0), noon - std::chrono::hours(1));
  CHECK(sim::check_linearizable(script.history).verdict == Verdict::not_linearizable);
}

TEST_CASE("one client may have two operations open") {
  Script<Register> script;
  script.call("a", Register::write(1));
  script.did("a", Register::read(), Register::got(0));
  script.did("a", Register::read(), Register::got(1));
  CHECK(sim::check_linearizable(script.history).verdict == Verdict::linearizable);
}

TEST_CASE("a model of one's own needs no order and no key") {
  Script<Lock> script;
  script.did("a", {"a", true}, true);
  const auto release = script.call("a", {"a", false});
  script.did("b", {"b", true}, false);
  const auto take = script.call("c", {"c", true});
  script.returned(release, true);
  script.returned(take, true);
  CHECK(sim::check_linearizable(script.history).verdict == Verdict::linearizable);
  script.call("c", {"c", false});
  script.did("b", {"b", true}, true);
  CHECK(sim::check_linearizable(script.history).verdict == Verdict::linearizable);
  script.did("a", {"a", true}, true);
  const auto result = sim::check_linearizable(script.history);
  CHECK(result.verdict == Verdict::not_linearizable);
  CHECK_THAT(result.explanation,
             contains_text(">     -  a       0.012000  0.013000  take a: yes\n"));
  CHECK_THAT(result.explanation, contains_text("6 of 7 operations\n"));
}

TEST_CASE("misuse of a history aborts and says what was wrong") {
  Script<Register> script;
  const auto write = script.call("a", Register::write(1));
  const auto failed = script.call("a", Register::write(1));
  script.returned(write, Register::done());
  script.history.failed(failed);
  const auto unknown = static_cast<sim::OperationId>(2);
  const auto returned = [&script](sim::OperationId id) {
    return abort_message([&script, id] { script.returned(id, Register::done()); });
  };
  CHECK_THAT(returned(write), contains_text("this operation has already returned"));
  CHECK_THAT(returned(failed), contains_text("this operation has already failed"));
  CHECK_THAT(returned(unknown), contains_text("this operation was never called"));
  CHECK_THAT(abort_message([&] { script.history.failed(write); }),
             contains_text("this operation has already returned"));
}

TEST_CASE("an answer of the wrong kind aborts and says so") {
  Script<Register> script;
  script.did("a", Register::read(), Register::done());
  CHECK_THAT(abort_message([&] { sim::check_linearizable(script.history); }),
             contains_text("another kind of answer"));
}

TEST_CASE("a model that changes the state by an observation aborts and says so") {
  Script<Liar> script;
  script.did("a", Register::write(1), Register::done());
  CHECK_THAT(abort_message([&] { sim::check_linearizable(script.history); }),
             contains_text("only observes, it says, changed the state"));
}

TEST_CASE("values print on one line, quoted if they are text") {
  CHECK(sim::value_text(7) == "7");
  CHECK(sim::value_text(std::int64_t{-7}) == "-7");
  CHECK(sim::value_text(true) == "true");
  CHECK(sim::value_text(std::string("a\n\"b\\\x01\x7fü")) == "\"a\\n\\\"b\\\\\\x01\\x7fü\"");
}

TEST_CASE("the operations of the models read well") {
  CHECK(Register::describe(Register::read(), Register::got(1)) == "read -> 1");
  CHECK(Register::describe(Register::write(1), Register::done()) == "write 1");
  CHECK(Register::describe(Register::write(1), std::nullopt) == "write 1 -> ?");
  CHECK(Register::describe(Register::compare_and_swap(1, 2), Register::swapped(true)) ==
        "swap 1 for 2 -> yes");
  CHECK(Map::describe(Map::get("k"), Map::got(std::nullopt)) == "get \"k\" -> nothing");
  CHECK(Map::describe(Map::put("k", 3), Map::done()) == "put \"k\" = 3");
  CHECK(Map::describe(Map::erase("k"), Map::done()) == "erase \"k\"");
  CHECK(Map::describe(Map::compare_and_swap("k", std::nullopt, 2), Map::swapped(false)) ==
        "swap \"k\" from nothing to 2 -> no");
  CHECK(Queue::describe(Queue::push(1), Queue::done()) == "push 1");
  CHECK(Queue::describe(Queue::pop(), Queue::got(1)) == "pop -> 1");
  CHECK(Queue::describe_state({}) == "empty");
  CHECK(Queue::describe_state({1, 2, 3, 4, 5, 6, 7}) == "1, 2, 3, 4, 5, and 2 more");
}

}  // namespace piccolo::test
