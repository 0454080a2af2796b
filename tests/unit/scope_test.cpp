#include "piccolo/core/scope.hpp"

#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "death.hpp"
#include "manual_world.hpp"

using namespace piccolo;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

// Writes "name" when the sleep is over, "name canceled" when it was canceled, "~name" at its end.
Task<void> sleeper(Clock& clock, Duration time, std::string name, Lines* lines) {
  AtEnd end([name, lines] { lines->push_back("~" + name); });
  const auto slept = co_await clock.sleep_for(time);
  lines->push_back(slept ? name : name + " canceled");
}

// Takes a while to go, also when canceled: a canceled fiber can still be waited for.
Task<void> slow_to_go(Executor& executor, Clock& clock, Lines* lines) {
  const auto slept = co_await clock.sleep_for(1h);
  lines->push_back(slept ? "slept" : "canceled");
  Scope scope(executor);
  scope.spawn(sleeper(clock, 1s, "late child", lines));
  co_await scope.join();
}

Task<void> thrower(Clock& clock, Duration after, std::string what) {
  const auto slept = co_await clock.sleep_for(after);
  static_cast<void>(slept);
  throw std::runtime_error(what);
}

Task<void> two_sleepers(Executor& executor, Clock& clock, Lines* lines) {
  Scope scope(executor);
  scope.spawn(sleeper(clock, 2s, "two", lines));
  scope.spawn(sleeper(clock, 1s, "one", lines));
  lines->push_back("spawned");
  co_await scope.join();
  lines->push_back("joined");
}

Task<void> nested(Executor& executor, Clock& clock, int depth, Lines* lines) {
  Scope scope(executor);
  if (depth == 0) {
    scope.spawn(sleeper(clock, 1h, "leaf", lines));
  } else {
    scope.spawn(nested(executor, clock, depth - 1, lines));
  }
  co_await scope.join();
  lines->push_back("joined " + std::to_string(depth));
}

Task<void> failing_family(Executor& executor, Clock& clock, Lines* lines) {
  Scope scope(executor);
  scope.spawn(sleeper(clock, 1h, "sibling", lines));
  scope.spawn(thrower(clock, 1s, "first"));
  scope.spawn(sleeper(clock, 500ms, "early", lines));
  co_await scope.join();
  lines->push_back("not reached");
}

Task<void> early_return(Executor& executor, Clock& clock, Lines* lines) {
  Scope scope(executor);
  scope.spawn(sleeper(clock, 1h, "child", lines));
  co_await clock.sleep_for(1s);
  lines->push_back("leaving");
}

Task<void> leaves_by_exception(Executor& executor, Clock& clock, Lines* lines) {
  Scope scope(executor);
  scope.spawn(sleeper(clock, 1h, "child", lines));
  co_await clock.sleep_for(1s);
  throw std::runtime_error("out");
}

Task<void> spawns_after_cancel(Executor& executor, Clock& clock, Lines* lines) {
  Scope scope(executor);
  scope.cancel();
  scope.spawn(sleeper(clock, 1h, "born canceled", lines));
  co_await scope.join();
  lines->push_back("joined");
}

Task<void> joins_twice(Executor& executor, Clock& clock, Lines* lines) {
  Scope scope(executor);
  co_await scope.join();
  lines->push_back("empty joined");
  scope.spawn(sleeper(clock, 1s, "child", lines));
  co_await scope.join();
  scope.spawn(sleeper(clock, 1s, "grandchild", lines));
  co_await scope.join();
}

Task<void> spawn_into(Scope* scope, Clock& clock, Lines* lines) {
  co_await clock.sleep_for(1s);
  scope->spawn(sleeper(clock, 1s, "spawned by a sibling", lines));
}

Task<void> grows_while_joined(Executor& executor, Clock& clock, Lines* lines) {
  Scope scope(executor);
  scope.spawn(spawn_into(&scope, clock, lines));
  co_await scope.join();
  lines->push_back("joined");
}

// Waits for something else while its child fails; tells what came of that, and of a later sleep.
Task<void> opener(Executor& executor, Clock& clock, Lines* lines) {
  try {
    Scope scope(executor);
    scope.spawn(thrower(clock, 1s, "child fell"));
    const auto slept = co_await clock.sleep_for(1h);
    lines->push_back(slept ? "slept" : error_name(slept.error()));
    const auto again = co_await clock.sleep_for(1h);
    lines->push_back(again ? "slept" : error_name(again.error()));
    co_await scope.join();
  } catch (const std::runtime_error& error) {
    lines->push_back(error.what());
  }
  const auto after = co_await clock.sleep_for(1s);
  lines->push_back(after ? "not canceled any more" : error_name(after.error()));
}

// Leaves the scope whose child failed without a join.
Task<void> careless_opener(Executor& executor, Clock& clock, Lines* lines) {
  {
    Scope scope(executor);
    scope.spawn(thrower(clock, 1s, "child fell"));
    scope.spawn(thrower(clock, 1s, "another fell"));
    co_await clock.sleep_for(1h);
  }
  const auto after = co_await clock.sleep_for(1s);
  lines->push_back(after ? "not canceled any more" : error_name(after.error()));
}

// Joins one scope while a child of another, that the same fiber opened before, fails.
Task<void> opener_of_two(Executor& executor, Clock& clock, Lines* lines) {
  Scope outer(executor);
  outer.spawn(thrower(clock, 1s, "outer child fell"));
  {
    Scope inner(executor);
    inner.spawn(sleeper(clock, 1h, "inner child", lines));
    co_await inner.join();
    lines->push_back("inner joined");
  }
  co_await outer.join();
}

}  // namespace

TEST_CASE("scope: a child's exception cancels whatever its opener waits for, until the join") {
  ManualWorld world;
  Lines lines;
  world.run(opener(world.executor, world.clock, &lines));
  CHECK(lines ==
        Lines{"operation_canceled", "operation_canceled", "child fell", "not canceled any more"});
  CHECK(world.elapsed() == 2s);
}

TEST_CASE("scope: an opener that leaves without a join is not canceled any more either") {
  ManualWorld world;
  Lines lines;
  world.run(careless_opener(world.executor, world.clock, &lines));
  CHECK(lines == Lines{"not canceled any more"});
  CHECK(world.elapsed() == 2s);
}

TEST_CASE("scope: a child's exception reaches its opener in the join of another scope") {
  ManualWorld world;
  Lines lines;
  CHECK_THROWS_WITH(world.run(opener_of_two(world.executor, world.clock, &lines)),
                    "outer child fell");
  CHECK(lines == Lines{"inner child canceled", "~inner child", "inner joined"});
  CHECK(world.elapsed() == 1s);
}

TEST_CASE("scope: an opener that was canceled from outside stays canceled after the join") {
  ManualWorld world;
  Lines lines;
  Scope scope(world.executor);
  scope.spawn(opener(world.executor, world.clock, &lines));
  world.run_for(1s);
  scope.cancel();
  world.settle();
  CHECK(lines.back() == "operation_canceled");
  CHECK(scope.empty());
}

TEST_CASE("scope: join waits for every child") {
  ManualWorld world;
  Lines lines;
  world.run(two_sleepers(world.executor, world.clock, &lines));
  CHECK(lines == Lines{"spawned", "one", "~one", "two", "~two", "joined"});
  CHECK(world.elapsed() == 2s);
}

TEST_CASE("scope: an empty one is joined at once, and one can be joined again") {
  ManualWorld world;
  Lines lines;
  world.run(joins_twice(world.executor, world.clock, &lines));
  CHECK(lines == Lines{"empty joined", "child", "~child", "grandchild", "~grandchild"});
}

TEST_CASE("scope: join waits for what children spawn as well") {
  ManualWorld world;
  Lines lines;
  world.run(grows_while_joined(world.executor, world.clock, &lines));
  CHECK(lines == Lines{"spawned by a sibling", "~spawned by a sibling", "joined"});
  CHECK(world.elapsed() == 2s);
}

TEST_CASE("scope: a child's exception cancels its siblings and surfaces at the join") {
  ManualWorld world;
  Lines lines;
  CHECK_THROWS_WITH(world.run(failing_family(world.executor, world.clock, &lines)), "first");
  CHECK(lines == Lines{"early", "~early", "sibling canceled", "~sibling"});
  CHECK(world.elapsed() == 1s);
}

TEST_CASE("scope: of several exceptions the first one surfaces") {
  ManualWorld world;
  Scope scope(world.executor);
  scope.spawn(thrower(world.clock, 2s, "second"));
  scope.spawn(thrower(world.clock, 1s, "first"));
  world.drain();
  CHECK(scope.empty());
  REQUIRE(scope.exception());
  CHECK_THROWS_WITH(std::rethrow_exception(scope.exception()), "first");
}

TEST_CASE("scope: cancellation flows down nested scopes") {
  ManualWorld world;
  Lines lines;
  Scope scope(world.executor);
  scope.spawn(nested(world.executor, world.clock, 3, &lines));
  world.settle();
  scope.cancel();
  world.settle();
  CHECK(scope.empty());
  CHECK(lines == Lines{"leaf canceled", "~leaf", "joined 0", "joined 1", "joined 2", "joined 3"});
  CHECK(world.elapsed() == 0s);
}

TEST_CASE("scope: a canceled join still waits for children that are slow to go") {
  ManualWorld world;
  Lines lines;
  Scope scope(world.executor);
  scope.spawn(slow_to_go(world.executor, world.clock, &lines));
  world.settle();
  scope.cancel();
  CHECK(scope.size() == 1);
  world.settle();
  CHECK(lines == Lines{"canceled", "late child canceled", "~late child"});
  CHECK(scope.empty());
}

TEST_CASE("scope: canceling twice is canceling once") {
  ManualWorld world;
  Lines lines;
  Scope scope(world.executor);
  scope.spawn(sleeper(world.clock, 1h, "child", &lines));
  world.settle();
  scope.cancel();
  scope.cancel();
  world.settle();
  CHECK(lines == Lines{"child canceled", "~child"});
}

TEST_CASE("scope: a child spawned after the cancellation starts canceled") {
  ManualWorld world;
  Lines lines;
  world.run(spawns_after_cancel(world.executor, world.clock, &lines));
  CHECK(lines == Lines{"born canceled canceled", "~born canceled", "joined"});
}

TEST_CASE("scope: leaving it early destroys the children where they stand") {
  ManualWorld world;
  Lines lines;
  world.run(early_return(world.executor, world.clock, &lines));
  CHECK(lines == Lines{"leaving", "~child"});
  CHECK(world.clock.armed() == 0);
  CHECK(world.executor.live_fibers() == 0);
}

TEST_CASE("scope: leaving it by an exception destroys the children where they stand") {
  ManualWorld world;
  Lines lines;
  CHECK_THROWS_WITH(world.run(leaves_by_exception(world.executor, world.clock, &lines)), "out");
  CHECK(lines == Lines{"~child"});
  CHECK(world.clock.armed() == 0);
}

TEST_CASE("scope: destroying the root destroys everything below it, at any moment") {
  for (int steps = 0; steps < 40; ++steps) {
    Lines lines;
    ManualWorld world;
    {
      Scope scope(world.executor);
      scope.spawn(nested(world.executor, world.clock, 3, &lines));
      scope.spawn(two_sleepers(world.executor, world.clock, &lines));
      for (int step = 0; step < steps; ++step) {
        if (!world.executor.run_one() && world.clock.armed() > 0) world.clock.fire_next();
      }
    }
    CHECK(world.clock.armed() == 0);
    CHECK(world.executor.live_fibers() == 0);
    CHECK(world.executor.idle());
  }
}

TEST_CASE("scope: an executor that goes before its fibers aborts and says so") {
  const auto text = abort_message([] {
    auto executor = std::make_unique<Executor>(ReadyOrder::fifo, 1);
    ManualClock clock;
    Lines lines;
    Scope scope(*executor);
    scope.spawn(sleeper(clock, 1s, "child", &lines));
    executor.reset();
  });
  CHECK_THAT(text, contains_text("an executor was destroyed before its fibers"));
}
