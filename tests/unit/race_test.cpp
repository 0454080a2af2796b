#include "piccolo/core/race.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "manual_world.hpp"
#include "piccolo/core/with_timeout.hpp"

using namespace piccolo;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

Task<Result<int>> number_after(Clock& clock, Duration time, int value, Lines* lines) {
  AtEnd end([value, lines] { lines->push_back(fmt::format("~{}", value)); });
  const auto slept = co_await clock.sleep_for(time);
  lines->push_back(std::to_string(value) + (slept ? " done" : " canceled"));
  if (!slept) co_return failure(slept.error());
  co_return value;
}

Task<std::string> word_after(Clock& clock, Duration time, Lines* lines) {
  const auto slept = co_await clock.sleep_for(time);
  lines->push_back(slept ? "word done" : "word canceled");
  co_return "word";
}

Task<Result<int>> throws_after(Clock& clock, Duration time) {
  co_await clock.sleep_for(time);
  throw std::runtime_error("racer fell");
}

// Cannot be hurried: what it does after its cancellation takes no operation, but several turns.
Task<int> lingers(Clock& clock, Lines* lines) {
  co_await clock.sleep_for(1h);
  for (int index = 0; index < 5; ++index) {
    co_await word_after(clock, 0s, lines);
  }
  lines->push_back("lingered");
  co_return 1;
}

std::string show(const std::variant<Result<int>, Result<int>>& outcome) {
  const auto& result = outcome.index() == 0 ? std::get<0>(outcome) : std::get<1>(outcome);
  return std::to_string(outcome.index()) + ":" +
         (result ? std::to_string(*result) : error_name(result.error()));
}

Task<std::string> numbers(Executor& executor, Clock& clock, Duration a, Duration b, Lines* lines) {
  const auto outcome =
      co_await race(executor, number_after(clock, a, 1, lines), number_after(clock, b, 2, lines));
  lines->push_back("over");
  co_return show(outcome);
}

Task<Result<void>> forever(Executor& executor, Clock& clock, Lines* lines) {
  const auto outcome = co_await numbers(executor, clock, 1h, 2h, lines);
  lines->push_back(outcome);
  co_return failure(std::errc::operation_canceled);
}

Task<std::string> forever_within(Executor& executor, Clock& clock, Lines* lines) {
  const auto result = co_await with_timeout(clock, 1s, forever(executor, clock, lines));
  co_return error_name(result.error());
}

Task<std::string> two_kinds(Executor& executor, Clock& clock, Lines* lines) {
  auto outcome = co_await race(executor, lingers(clock, lines), word_after(clock, 1s, lines));
  co_return std::get<1>(outcome);
}

Task<std::string> one_throws(Executor& executor, Clock& clock, Lines* lines) {
  const auto outcome =
      co_await race(executor, throws_after(clock, 1s), number_after(clock, 2s, 2, lines));
  co_return show(outcome);
}

Task<std::string> loser_throws(Executor& executor, Clock& clock, Lines* lines) {
  const auto outcome =
      co_await race(executor, number_after(clock, 1s, 1, lines), throws_after(clock, 2s));
  co_return show(outcome);
}

}  // namespace

TEST_CASE("race: the first wins, whichever side it is on") {
  ManualWorld world;
  Lines lines;
  CHECK(world.run(numbers(world.executor, world.clock, 1s, 2s, &lines)) == "0:1");
  CHECK(lines == Lines{"1 done", "~1", "2 canceled", "~2", "over"});
  CHECK(world.elapsed() == 1s);
  CHECK(world.run(numbers(world.executor, world.clock, 2s, 1s, &lines)) == "1:2");
  CHECK(world.clock.armed() == 0);
}

TEST_CASE("race: the loser is canceled and waited for") {
  ManualWorld world;
  Lines lines;
  CHECK(world.run(two_kinds(world.executor, world.clock, &lines)) == "word");
  CHECK(lines.size() == 7);
  CHECK(lines.back() == "lingered");
  CHECK(world.elapsed() == 1s);
}

TEST_CASE("race: both ready at the same instant, exactly one wins") {
  ManualWorld world;
  Lines lines;
  CHECK(world.run(numbers(world.executor, world.clock, 1s, 1s, &lines)) == "0:1");
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    ManualWorld random(ReadyOrder::random, seed);
    const std::string won = random.run(numbers(random.executor, random.clock, 1s, 1s, &lines));
    CHECK((won == "0:1" || won == "1:2"));
  }
}

TEST_CASE("race: an exception cancels the other and is rethrown") {
  ManualWorld world;
  Lines lines;
  CHECK_THROWS_WITH(world.run(one_throws(world.executor, world.clock, &lines)), "racer fell");
  CHECK(lines == Lines{"2 canceled", "~2"});
  CHECK(world.elapsed() == 1s);
}

TEST_CASE("race: the loser's exception is rethrown too") {
  ManualWorld world;
  Lines lines;
  CHECK_THROWS_WITH(world.run(loser_throws(world.executor, world.clock, &lines)), "racer fell");
}

TEST_CASE("race: cancellation from outside reaches both") {
  ManualWorld world;
  Lines lines;
  CHECK(world.run(forever_within(world.executor, world.clock, &lines)) == "timed_out");
  CHECK(world.elapsed() == 1s);
  CHECK(world.clock.armed() == 0);
  CHECK_THAT(lines.back(), Catch::Matchers::EndsWith(":operation_canceled"));
}

TEST_CASE("race: destroyed in the middle, it takes both with it") {
  Lines lines;
  {
    ManualWorld world;
    world.spawn([](Executor& executor, Clock& clock, Lines* into) -> Task<void> {
      co_await numbers(executor, clock, 1h, 1h, into);
    }(world.executor, world.clock, &lines));
    world.settle();
    CHECK(world.executor.live_fibers() == 3);
  }
  std::sort(lines.begin(), lines.end());
  CHECK(lines == Lines{"~1", "~2"});
}
