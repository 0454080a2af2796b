#include "piccolo/core/with_timeout.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "manual_world.hpp"
#include "piccolo/core/mailbox.hpp"

using namespace piccolo;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

template <class T>
std::string outcome(const Result<T>& result) {
  return result ? "ok" : error_name(result.error());
}

Task<std::string> sleep_within(Clock& clock, Duration time, Duration limit) {
  const auto slept = co_await with_timeout(clock, limit, clock.sleep_for(time));
  co_return outcome(slept);
}

Task<Result<int>> slow_value(Clock& clock, Duration time) {
  const auto slept = co_await clock.sleep_for(time);
  if (!slept) co_return failure(slept.error());
  co_return 7;
}

Task<std::string> value_within(Clock& clock, Duration time, Duration limit) {
  const auto value = co_await with_timeout(clock, limit, slow_value(clock, time));
  co_return value ? std::to_string(*value) : error_name(value.error());
}

// Two deadlines around one sleep; reports what the inner one gave, and gives the outer's result.
Task<Result<void>> inner_within(Clock& clock, Duration limit, Lines* lines) {
  auto slept = co_await with_timeout(clock, limit, clock.sleep_for(1h));
  lines->push_back("inner " + outcome(slept));
  co_return slept;
}

Task<void> nested_within(Clock& clock, Duration inner, Duration outer, Lines* lines) {
  const auto slept = co_await with_timeout(clock, outer, inner_within(clock, inner, lines));
  lines->push_back("outer " + outcome(slept));
  const auto after = co_await clock.sleep_for(1s);
  lines->push_back("after " + outcome(after));
}

Task<void> within_then_sleep(Clock& clock, Duration limit, Lines* lines) {
  const auto slept = co_await with_timeout(clock, limit, clock.sleep_for(1h));
  lines->push_back(outcome(slept));
  const auto after = co_await clock.sleep_for(1s);
  lines->push_back(outcome(after));
}

// A task that ignores its cancellation, and one that fails in its own way because of it.
Task<Result<int>> stubborn(Clock& clock) {
  co_await clock.sleep_for(1h);
  co_return 9;
}
Task<Result<int>> fails_otherwise(Clock& clock) {
  co_await clock.sleep_for(1h);
  co_return failure(std::errc::broken_pipe);
}
Task<Result<int>> throws_late(Clock& clock) {
  co_await clock.sleep_for(1s);
  throw std::runtime_error("thrown within");
}

Task<std::string> around(Clock& clock, Task<Result<int>> task) {
  const auto value = co_await with_timeout(clock, 2s, std::move(task));
  const auto after = co_await clock.sleep_for(1s);
  co_return (value ? std::to_string(*value) : error_name(value.error())) + " " + outcome(after);
}

Task<Result<void>> family(Executor& executor, Clock& clock, Lines* lines) {
  Scope scope(executor);
  scope.spawn(within_then_sleep(clock, 1min, lines));
  co_await scope.join();
  co_return failure(std::errc::operation_canceled);
}

Task<std::string> family_within(Executor& executor, Clock& clock, Lines* lines) {
  const auto result = co_await with_timeout(clock, 1s, family(executor, clock, lines));
  co_return outcome(result);
}

Task<std::string> receive_within(Clock& clock, Mailbox<std::unique_ptr<int>>& mailbox,
                                 Duration limit) {
  const auto value = co_await with_timeout(clock, limit, mailbox.receive());
  co_return value ? std::to_string(**value) : error_name(value.error());
}

}  // namespace

TEST_CASE("with_timeout: in time, the operation's result") {
  ManualWorld world;
  CHECK(world.run(sleep_within(world.clock, 1s, 2s)) == "ok");
  CHECK(world.elapsed() == 1s);
  CHECK(world.clock.armed() == 0);
  CHECK(world.run(value_within(world.clock, 1s, 2s)) == "7");
}

TEST_CASE("with_timeout: too late, timed_out at the deadline") {
  ManualWorld world;
  CHECK(world.run(sleep_within(world.clock, 3s, 2s)) == "timed_out");
  CHECK(world.elapsed() == 2s);
  CHECK(world.clock.armed() == 0);
  CHECK(world.run(value_within(world.clock, 3s, 2s)) == "timed_out");
  CHECK(world.elapsed() == 4s);
}

TEST_CASE("with_timeout: a time-out of zero lets only what completes at once through") {
  ManualWorld world;
  CHECK(world.run(sleep_within(world.clock, 1s, 0s)) == "timed_out");
  Mailbox<std::unique_ptr<int>> mailbox(1);
  CHECK(world.run(receive_within(world.clock, mailbox, 0s)) == "timed_out");
  CHECK(mailbox.try_send(std::make_unique<int>(3)));
  CHECK(world.run(receive_within(world.clock, mailbox, 0s)) == "3");
  CHECK(world.elapsed() == 0s);
}

TEST_CASE("with_timeout: an endless time-out never comes") {
  ManualWorld world;
  CHECK(world.run(sleep_within(world.clock, 1h, Duration::max())) == "ok");
}

TEST_CASE("with_timeout: what follows a time-out is not canceled") {
  ManualWorld world;
  Lines lines;
  world.run(within_then_sleep(world.clock, 1s, &lines));
  CHECK(lines == Lines{"timed_out", "ok"});
  CHECK(world.elapsed() == 2s);
}

TEST_CASE("with_timeout: nested, the inner deadline first") {
  ManualWorld world;
  Lines lines;
  world.run(nested_within(world.clock, 1s, 2s, &lines));
  CHECK(lines == Lines{"inner timed_out", "outer timed_out", "after ok"});
  CHECK(world.elapsed() == 2s);
}

TEST_CASE("with_timeout: nested, the outer deadline first, is no time-out of the inner one") {
  ManualWorld world;
  Lines lines;
  world.run(nested_within(world.clock, 2s, 1s, &lines));
  CHECK(lines == Lines{"inner operation_canceled", "outer timed_out", "after ok"});
  CHECK(world.elapsed() == 2s);
  CHECK(world.clock.armed() == 0);
}

TEST_CASE("with_timeout: cancellation from outside is not reported as a time-out") {
  ManualWorld world;
  Lines lines;
  world.spawn(within_then_sleep(world.clock, 2s, &lines));
  world.run_for(1s);
  world.root.cancel();
  world.drain();
  CHECK(lines == Lines{"operation_canceled", "operation_canceled"});
  CHECK(world.elapsed() == 1s);
}

TEST_CASE("with_timeout: a task that ends well although it was canceled keeps its result") {
  ManualWorld world;
  CHECK(world.run(around(world.clock, stubborn(world.clock))) == "9 ok");
  CHECK(world.elapsed() == 3s);
}

TEST_CASE("with_timeout: an error of the task's own is not replaced") {
  ManualWorld world;
  CHECK(world.run(around(world.clock, fails_otherwise(world.clock))) == "broken_pipe ok");
}

TEST_CASE("with_timeout: an exception passes through and disarms the deadline") {
  ManualWorld world;
  CHECK_THROWS_WITH(world.run(around(world.clock, throws_late(world.clock))), "thrown within");
  CHECK(world.clock.armed() == 0);
}

TEST_CASE("with_timeout: a task is canceled as a whole, with the scopes inside it") {
  ManualWorld world;
  Lines lines;
  CHECK(world.run(family_within(world.executor, world.clock, &lines)) == "timed_out");
  CHECK(lines == Lines{"operation_canceled", "operation_canceled"});
  CHECK(world.elapsed() == 1s);
}

TEST_CASE("with_timeout: a value that arrives at the deadline's instant is not lost") {
  ManualWorld world;
  Mailbox<std::unique_ptr<int>> mailbox(1);
  Scope scope(world.executor);
  std::optional<std::string> result;
  scope.spawn(
      piccolo::test::detail::keep_result(receive_within(world.clock, mailbox, 1s), &result));
  world.settle();
  CHECK(mailbox.try_send(std::make_unique<int>(4)));  // ready, but not yet resumed...
  world.clock.fire_next();                            // ...when the deadline comes
  world.settle();
  CHECK(result == "4");
}
