#include "piccolo/core/task.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "catch.hpp"
#include "death.hpp"
#include "manual_world.hpp"

using namespace piccolo;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

Task<int> number(int value) { co_return value; }

Task<int> sum(int a, int b) {
  const int first = co_await number(a);
  const int second = co_await number(b);
  co_return first + second;
}

Task<std::unique_ptr<int>> boxed(int value) { co_return std::make_unique<int>(value); }

Task<std::unique_ptr<int>> passed_on(std::unique_ptr<int> box) {
  auto next = co_await boxed(*box + 1);
  co_return next;
}

Task<std::string> converted() { co_return "from a literal"; }

Task<int> throws_at(int depth) {
  if (depth == 0) throw std::runtime_error("from the depth");
  const int result = co_await throws_at(depth - 1);
  co_return result;
}

Task<std::string> catches() {
  std::string text;
  try {
    co_await throws_at(20);
  } catch (const std::runtime_error& error) {
    text = error.what();
  }
  const int after = co_await number(1);
  co_return text + std::to_string(after);
}

Task<long> count_to(long limit) {
  long total = 0;
  for (long index = 0; index < limit; ++index) {
    const int one = co_await number(1);
    total += one;
  }
  co_return total;
}

Task<void> mark(Lines* lines, std::string line) {
  lines->push_back(line);
  co_return;
}

Task<void> sleeps_at_depth(Clock& clock, int depth, int* destroyed) {
  AtEnd end([destroyed] { ++*destroyed; });
  if (depth == 0) {
    co_await clock.sleep_for(1h);
  } else {
    co_await sleeps_at_depth(clock, depth - 1, destroyed);
  }
}

Task<void> named_frame(Clock& clock, std::string name, std::string rest, Lines* lines) {
  AtEnd end([name, lines] { lines->push_back(name); });
  if (rest.empty()) {
    co_await clock.sleep_for(1h);
  } else {
    co_await named_frame(clock, rest.substr(0, 1), rest.substr(1), lines);
  }
}

Task<void> keeps([[maybe_unused]] Counted value, Clock& clock) { co_await clock.sleep_for(1s); }

Task<void> passes_counted(Counted value, Clock& clock) { co_await keeps(value, clock); }

}  // namespace

TEST_CASE("task: gives its value to whoever awaits it") {
  ManualWorld world;
  CHECK(world.run(sum(2, 3)) == 5);
  CHECK(world.run(converted()) == "from a literal");
}

TEST_CASE("task: takes and gives values that can only be moved") {
  ManualWorld world;
  const auto result = world.run(passed_on(std::make_unique<int>(4)));
  REQUIRE(result);
  CHECK(*result == 5);
}

TEST_CASE("task: is one pointer, moves, and cannot be copied") {
  static_assert(sizeof(Task<std::string>) == sizeof(void*));
  static_assert(std::is_nothrow_move_constructible_v<Task<>>);
  static_assert(std::is_nothrow_move_assignable_v<Task<>>);
  static_assert(!std::is_copy_constructible_v<Task<>>);
  static_assert(!std::is_default_constructible_v<Task<>>);
  SUCCEED();
}

TEST_CASE("task: is lazy, and one that was never awaited destroys its parameters") {
  ManualWorld world;
  Lines lines;
  int alive = 0;
  {
    const Task<void> task = mark(&lines, "ran");
    const Task<void> holder = keeps(Counted(&alive), world.clock);
    CHECK(alive == 1);
    world.drain();
  }
  CHECK(lines.empty());
  CHECK(alive == 0);
}

TEST_CASE("task: moving one onto another destroys the other") {
  ManualWorld world;
  int alive = 0;
  Task<void> task = keeps(Counted(&alive), world.clock);
  task = sleeps_at_depth(world.clock, 0, &alive);
  CHECK(alive == 0);
}

TEST_CASE("task: parameters are destroyed exactly once") {
  int alive = 0;
  {
    ManualWorld world;
    world.run(passes_counted(Counted(&alive), world.clock));
    CHECK(alive == 0);
    world.spawn(passes_counted(Counted(&alive), world.clock));
    world.settle();
    CHECK(alive > 0);
  }
  CHECK(alive == 0);
}

TEST_CASE("task: an exception passes through every level and can be caught at any") {
  ManualWorld world;
  CHECK_THROWS_WITH(world.run(throws_at(20)), "from the depth");
  CHECK(world.run(catches()) == "from the depth1");
}

TEST_CASE("task: a million awaits that never wait do not grow the stack") {
  ManualWorld world;
  CHECK(world.run(count_to(1'000'000)) == 1'000'000);
}

TEST_CASE("task: a deep chain is destroyed while it is suspended") {
  int destroyed = 0;
  {
    ManualWorld world;
    world.spawn(sleeps_at_depth(world.clock, 1'000, &destroyed));
    world.settle();
    CHECK(destroyed == 0);
    CHECK(world.clock.armed() == 1);
  }
  CHECK(destroyed == 1'001);
}

TEST_CASE("task: a suspended chain is destroyed from the innermost frame outwards") {
  Lines lines;
  {
    ManualWorld world;
    world.spawn(named_frame(world.clock, "a", "bc", &lines));
    world.settle();
  }
  CHECK(lines == Lines{"c", "b", "a"});
}

TEST_CASE("task: awaiting one twice aborts and says so") {
  const auto text = abort_message([] {
    ManualWorld world;
    world.run([]() -> Task<void> {
      Task<int> task = number(1);
      co_await std::move(task);
      co_await std::move(task);
    }());
  });
  CHECK_THAT(text, contains_text("a task was awaited twice, or after it was moved from"));
}

TEST_CASE("task: spawning one twice aborts and says so") {
  const auto text = abort_message([] {
    ManualWorld world;
    Lines lines;
    Task<void> task = mark(&lines, "once");
    world.spawn(std::move(task));
    world.spawn(std::move(task));
  });
  CHECK_THAT(text, contains_text("a task was spawned twice, or after it was moved from"));
}
