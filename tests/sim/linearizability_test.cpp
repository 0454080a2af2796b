// Histories whose verdict is known.

#include "piccolo/sim/linearizability.hpp"

#include "history_script.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

using sim::Verdict;

template <class Model>
Verdict verdict(const Script<Model>& script) {
  const auto result = sim::check_linearizable(script.history);
  INFO(result.explanation);
  CHECK(result.explanation.empty() == (result.verdict == Verdict::linearizable));
  CHECK(result.culprit.has_value() == (result.verdict == Verdict::not_linearizable));
  return result.verdict;
}

}  // namespace

TEST_CASE("a history without operations is linearizable") {
  CHECK(verdict(Script<Register>()) == Verdict::linearizable);
  CHECK(verdict(Script<Map>()) == Verdict::linearizable);
}

TEST_CASE("a read that overlaps a write may see the old value or the new one") {
  for (const std::int64_t seen : {0, 1}) {
    Script<Register> script;
    const auto write = script.call("a", Register::write(1));
    script.did("b", Register::read(), Register::got(seen));
    script.returned(write, Register::done());
    CHECK(verdict(script) == Verdict::linearizable);
  }
}

TEST_CASE("overlapping operations are put in an order that explains them") {
  // Herlihy and Wing's figure 1, for a queue: the pushes overlap and the pops tell their order.
  Script<Queue> script;
  const auto first = script.call("a", Queue::push(1));
  const auto second = script.call("b", Queue::push(2));
  script.returned(first, Queue::done());
  script.returned(second, Queue::done());
  script.did("a", Queue::pop(), Queue::got(2));
  script.did("b", Queue::pop(), Queue::got(1));
  CHECK(verdict(script) == Verdict::linearizable);
}

TEST_CASE("a stale read is not linearizable") {
  Script<Register> script;
  script.did("a", Register::write(1), Register::done());
  script.did("a", Register::write(2), Register::done());
  script.did("b", Register::read(), Register::got(1));
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("a lost update is not linearizable") {
  Script<Register> script;
  const auto first = script.call("a", Register::compare_and_swap(0, 1));
  const auto second = script.call("b", Register::compare_and_swap(0, 2));
  script.returned(first, Register::swapped(true));
  script.returned(second, Register::swapped(true));
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("of two overlapping swaps one may win") {
  Script<Register> script;
  const auto first = script.call("a", Register::compare_and_swap(0, 1));
  const auto second = script.call("b", Register::compare_and_swap(0, 2));
  script.returned(first, Register::swapped(false));
  script.returned(second, Register::swapped(true));
  script.did("c", Register::read(), Register::got(2));
  CHECK(verdict(script) == Verdict::linearizable);
}

TEST_CASE("two reads during a write do not go back in time") {
  Script<Register> script;
  const auto write = script.call("a", Register::write(1));
  script.did("b", Register::read(), Register::got(1));
  script.did("c", Register::read(), Register::got(0));
  script.returned(write, Register::done());
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("an unknown write may be seen at any later time") {
  Script<Register> script;
  script.call("a", Register::write(1));
  script.did("b", Register::write(2), Register::done());
  script.did("b", Register::read(), Register::got(2));
  script.did("b", Register::read(), Register::got(1));
  CHECK(verdict(script) == Verdict::linearizable);
}

TEST_CASE("an unknown write may never be seen") {
  Script<Register> script;
  script.call("a", Register::write(1));
  script.did("b", Register::read(), Register::got(0));
  script.did("b", Register::write(2), Register::done());
  script.did("b", Register::read(), Register::got(2));
  CHECK(verdict(script) == Verdict::linearizable);
}

TEST_CASE("an unknown write takes effect once") {
  Script<Register> script;
  script.call("a", Register::write(1));
  script.did("b", Register::read(), Register::got(1));
  script.did("b", Register::write(2), Register::done());
  script.did("b", Register::read(), Register::got(1));
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("two unknown writes of one value take effect twice") {
  Script<Register> script;
  script.call("a", Register::write(1));
  script.call("c", Register::write(1));
  script.did("b", Register::read(), Register::got(1));
  script.did("b", Register::write(2), Register::done());
  script.did("b", Register::read(), Register::got(1));
  CHECK(verdict(script) == Verdict::linearizable);
  script.did("b", Register::read(), Register::got(2));
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("an unknown write has no effect before its call") {
  Script<Register> script;
  script.did("b", Register::read(), Register::got(1));
  script.call("a", Register::write(1));
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("an unknown write may enable another one") {
  Script<Register> script;
  script.call("a", Register::compare_and_swap(1, 2));
  script.call("b", Register::write(1));
  script.did("c", Register::read(), Register::got(2));
  CHECK(verdict(script) == Verdict::linearizable);
}

TEST_CASE("a failed write that is seen is a violation") {
  Script<Register> script;
  const auto write = script.call("a", Register::write(1));
  script.history.failed(write);
  script.did("b", Register::read(), Register::got(0));
  CHECK(verdict(script) == Verdict::linearizable);
  script.did("b", Register::read(), Register::got(1));
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("a register begins with its initial value") {
  Script<Register> script{sim::History<Register>(Register{.initial_value = 7})};
  script.did("a", Register::read(), Register::got(7));
  CHECK(verdict(script) == Verdict::linearizable);
}

TEST_CASE("a queue delivers nothing twice") {
  Script<Queue> script;
  script.did("a", Queue::push(1), Queue::done());
  script.did("b", Queue::pop(), Queue::got(1));
  CHECK(verdict(script) == Verdict::linearizable);
  script.did("c", Queue::pop(), Queue::got(1));
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("a queue keeps its order") {
  Script<Queue> script;
  script.did("a", Queue::push(1), Queue::done());
  script.did("a", Queue::push(2), Queue::done());
  script.did("b", Queue::pop(), Queue::got(2));
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("a queue loses nothing") {
  Script<Queue> script;
  script.did("a", Queue::push(1), Queue::done());
  script.did("b", Queue::pop(), Queue::got(std::nullopt));
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("an unknown pop may have taken one value but not two") {
  Script<Queue> script;
  script.call("c", Queue::pop());
  script.did("a", Queue::push(1), Queue::done());
  script.did("a", Queue::push(2), Queue::done());
  script.did("a", Queue::push(3), Queue::done());
  script.did("b", Queue::pop(), Queue::got(2));
  CHECK(verdict(script) == Verdict::linearizable);
  script.did("b", Queue::pop(), Queue::got(std::nullopt));
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("keys of a map are independent") {
  Script<Map> script;
  script.did("a", Map::put("x", 1), Map::done());
  script.did("b", Map::get("y"), Map::got(std::nullopt));
  script.did("b", Map::get("x"), Map::got(1));
  script.did("b", Map::erase("x"), Map::done());
  script.did("b", Map::get("x"), Map::got(std::nullopt));
  script.did("b", Map::compare_and_swap("y", std::nullopt, 5), Map::swapped(true));
  script.did("b", Map::compare_and_swap("y", 4, 6), Map::swapped(false));
  script.did("b", Map::get("y"), Map::got(5));
  CHECK(verdict(script) == Verdict::linearizable);
}

TEST_CASE("one wrong key is found among right ones and named") {
  Script<Map> script;
  for (const char* const key : {"a", "b", "c"}) script.did("n1", Map::put(key, 1), Map::done());
  const auto stale = script.call("n2", Map::get("b"));
  script.returned(stale, Map::got(std::nullopt));
  const auto result = sim::check_linearizable(script.history);
  CHECK(result.verdict == Verdict::not_linearizable);
  CHECK(result.culprit == stale);
  CHECK_THAT(result.explanation, contains_text("key \"b\""));
  CHECK_THAT(result.explanation, !contains_text("\"a\""));
}

TEST_CASE("an unknown read is no part of an explanation") {
  Script<Register> script;
  script.call("a", Register::read());
  script.did("b", Register::read(), Register::got(1));
  const auto result = sim::check_linearizable(script.history);
  CHECK_THAT(result.explanation, contains_text("read -> 1"));
  CHECK_THAT(result.explanation, !contains_text("read -> ?"));
}

TEST_CASE("a text register holds texts") {
  using Texts = sim::RegisterModel<std::string>;
  Script<Texts> script;
  script.did("a", Texts::write("x"), Texts::done());
  script.did("a", Texts::read(), Texts::got("x"));
  CHECK(verdict(script) == Verdict::linearizable);
  script.did("a", Texts::read(), Texts::got(""));
  CHECK(verdict(script) == Verdict::not_linearizable);
}

TEST_CASE("the check gives up when its steps are used up, and says so") {
  const auto history = real_history<RealRegister>({.operations = 40}, 1);
  const auto enough = sim::check_linearizable(history);
  REQUIRE(enough.verdict == Verdict::linearizable);
  for (std::uint64_t steps = 0; steps <= enough.steps; ++steps) {
    const auto result = sim::check_linearizable(history, {.steps = steps});
    CHECK(result.steps == steps);
    CHECK(result.verdict == (steps < enough.steps ? Verdict::undecided : Verdict::linearizable));
    CHECK(result.explanation.empty() == (steps == enough.steps));
  }
}

TEST_CASE("an undecided key does not hide the fault of another") {
  Script<Map> script;
  for (int index = 0; index < 9; ++index) script.did("n1", Map::put("a", index), Map::done());
  script.did("n1", Map::get("b"), Map::got(1));
  for (int index = 0; index < 9; ++index) script.did("n1", Map::put("c", index), Map::done());
  const auto result = sim::check_linearizable(script.history, {.steps = 3});
  CHECK(result.verdict == Verdict::not_linearizable);
  CHECK_THAT(result.explanation, contains_text("key \"b\""));
}

}  // namespace piccolo::test
