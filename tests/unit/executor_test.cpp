#include "piccolo/core/executor.hpp"

#include <map>
#include <string>

#include "manual_world.hpp"
#include "piccolo/core/mailbox.hpp"
#include "property.hpp"

using namespace piccolo;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

Task<void> turn() { co_return; }

// Takes several turns, and becomes ready again at once after each.
Task<void> stepper(std::string name, int turns, Lines* lines) {
  for (int index = 0; index < turns; ++index) {
    lines->push_back(name);
    co_await turn();
  }
}

Task<void> spawner(Executor& executor, std::string name, Lines* lines) {
  Scope scope(executor);
  for (const char* suffix : {".1", ".2", ".3"}) scope.spawn(stepper(name + suffix, 3, lines));
  co_await scope.join();
}

// The steps of a, b and c, with or without strangers in other scopes.
Lines order(ReadyOrder policy, std::uint64_t seed, int strangers) {
  Lines lines;
  Lines others;
  ManualWorld world(policy, seed);
  for (const char* name : {"a", "b", "c"}) world.spawn(spawner(world.executor, name, &lines));
  for (int index = 0; index < strangers; ++index) {
    world.spawn(spawner(world.executor, "stranger", &others));
  }
  world.settle();
  return lines;
}

Task<void> records_id(Executor& executor, std::map<std::string, std::uint64_t>* ids,
                      std::string name) {
  ids->emplace(name, executor.current()->id());
  co_return;
}

Task<void> family(Executor& executor, Clock& clock, Duration late,
                  std::map<std::string, std::uint64_t>* ids, std::string name) {
  co_await clock.sleep_for(late);
  ids->emplace(name, executor.current()->id());
  for (int index = 0; index < 2; ++index) {
    Scope scope(executor);
    const std::string child = name + "." + std::to_string(index);
    scope.spawn(records_id(executor, ids, child + ".a"));
    scope.spawn(records_id(executor, ids, child + ".b"));
    co_await scope.join();
  }
}

struct CountingHook : RunnableHook {
  void became_runnable(Executor&) noexcept override { ++count; }
  int count = 0;
};

constexpr int innermost_sleep_line = __LINE__ + 2;
Task<Result<void>> innermost(Clock& clock) {
  const auto slept = co_await clock.sleep_for(1h);
  co_return slept;
}

Task<void> middle(Clock& clock) { co_await innermost(clock); }

Task<void> outermost(Clock& clock) { co_await middle(clock); }

}  // namespace

TEST_CASE("executor: fifo runs fibers in the order of becoming ready") {
  Lines lines;
  ManualWorld world;
  for (const char* name : {"a", "b", "c"}) world.spawn(stepper(name, 2, &lines));
  world.settle();
  // Each finished turn is one more trip through the queue, so the fibers alternate.
  CHECK(lines == Lines{"a", "b", "c", "a", "b", "c"});
}

TEST_CASE("executor: fifo does not depend on the seed") {
  CHECK(order(ReadyOrder::fifo, 1, 0) == order(ReadyOrder::fifo, 2, 0));
}

TEST_CASE("executor: the random order is equal for equal seeds and differs between seeds") {
  std::map<Lines, int> seen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Lines lines = order(ReadyOrder::random, seed, 0);
    CHECK(lines == order(ReadyOrder::random, seed, 0));
    CHECK(lines.size() == 27);
    ++seen[lines];
  }
  CHECK(seen.size() == 50);
}

TEST_CASE("executor: unrelated fibers do not change the random order of the others") {
  rc::prop("strangers", [](std::uint64_t seed) {
    const int strangers = *rc::gen::inRange(1, 6);
    RC_ASSERT(order(ReadyOrder::random, seed, strangers) == order(ReadyOrder::random, seed, 0));
  });
}

TEST_CASE("executor: the random order lets every fiber come first") {
  std::map<std::string, int> first;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    ++first[order(ReadyOrder::random, seed, 0).front().substr(0, 1)];
  }
  for (const char* name : {"a", "b", "c"}) CHECK(first[name] > 50);
}

TEST_CASE("executor: a fiber's id depends on its ancestry alone") {
  std::map<std::string, std::uint64_t> ids;
  {
    ManualWorld world(ReadyOrder::random, 7);
    world.spawn(family(world.executor, world.clock, 0s, &ids, "first"));
    world.spawn(family(world.executor, world.clock, 1s, &ids, "second"));
    world.drain();
  }
  std::map<std::string, std::uint64_t> otherwise;
  {
    ManualWorld world(ReadyOrder::fifo, 7);
    world.spawn(family(world.executor, world.clock, 5s, &otherwise, "first"));
    world.spawn(family(world.executor, world.clock, 0s, &otherwise, "second"));
    world.spawn(family(world.executor, world.clock, 2s, &otherwise, "third"));
    world.drain();
  }
  CHECK(ids.size() == 10);
  std::map<std::uint64_t, int> distinct;
  for (const auto& [name, id] : otherwise) ++distinct[id];
  CHECK(distinct.size() == 15);
  for (const auto& [name, id] : ids) CHECK(otherwise[name] == id);
}

TEST_CASE("executor: runs one fiber at a time, and says which") {
  ManualWorld world;
  std::map<std::string, std::uint64_t> ids;
  CHECK(world.executor.current() == nullptr);
  CHECK_FALSE(world.executor.run_one());
  world.spawn(records_id(world.executor, &ids, "x"));
  CHECK(world.executor.live_fibers() == 1);
  CHECK(world.executor.run_one());
  CHECK(world.executor.current() == nullptr);
  CHECK(world.executor.live_fibers() == 0);
  CHECK(ids.size() == 1);
}

TEST_CASE("executor: the hook is told when there is something to run again, and only then") {
  CountingHook hook;
  Executor executor(ReadyOrder::fifo, 1, &hook);
  Scope scope(executor);
  Lines lines;
  scope.spawn(stepper("a", 1, &lines));
  CHECK(hook.count == 1);
  scope.spawn(stepper("b", 1, &lines));
  CHECK(hook.count == 1);
  while (executor.run_one()) {
  }
  const int after = hook.count;
  scope.spawn(stepper("c", 1, &lines));
  CHECK(hook.count == after + 1);
  while (executor.run_one()) {
  }
}

TEST_CASE("executor: the task tree shows each fiber's chain of functions and lines") {
  ManualWorld world;
  CHECK(world.executor.task_tree().empty());
  world.spawn(outermost(world.clock));
  world.settle();
  const std::string text = world.executor.task_tree();
  INFO(text);
  CHECK_THAT(text, contains_text("waiting\n"));
  const auto outer = text.find("outermost");
  const auto inner = text.find("middle");
  const auto leaf = text.find("innermost");
  REQUIRE(leaf != std::string::npos);
  CHECK(outer < inner);
  CHECK(inner < leaf);
  CHECK(std::count(text.begin(), text.end(), '\n') == 4);
  const std::string line = "at line " + std::to_string(innermost_sleep_line) + "\n";
  CHECK_THAT(text, contains_text(line));
}

TEST_CASE("executor: the task tree tells ready fibers from waiting ones") {
  ManualWorld world;
  world.spawn(outermost(world.clock));
  world.settle();
  world.spawn(outermost(world.clock));
  const std::string text = world.executor.task_tree();
  INFO(text);
  CHECK_THAT(text, contains_text(" ready\n"));
  CHECK_THAT(text, contains_text(" waiting\n"));
}
