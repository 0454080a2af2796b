// Time: sleeping, its order, and never waking early.

#include <vector>

#include "piccolo/core/scope.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "talk.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

using std::chrono::milliseconds;

Task<void> sleeps(Env& env, Duration after, int number, std::vector<int>* order) {
  co_await env.clock.sleep_for(after);
  order->push_back(number);
}

Task<void> wakes_in_order(Env& env) {
  std::vector<int> order;
  Scope scope(env.executor);
  for (const int number : {3, 1, 4, 2, 0}) {
    scope.spawn(sleeps(env, milliseconds(10 * number), number, &order));
  }
  co_await scope.join();
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
}

CONFORMANCE("who sleeps less wakes first") {
  run(backend, [](Env& env) { return wakes_in_order(env); });
}

Task<void> never_wakes_early(Env& env) {
  for (const Duration nap : {Duration(0), Duration(1), Duration(1'500), Duration(100'000),
                             Duration(3'000'001), Duration(20'000'000)}) {
    const TimePoint before = env.clock.now();
    const auto slept = co_await env.clock.sleep_for(nap);
    CHECK(outcome(slept) == "ok");
    const Duration took = env.clock.now() - before;
    CHECK(took >= nap);
    CHECK(took < nap + std::chrono::seconds(2));
  }
}

CONFORMANCE("a sleep never ends early, nor much too late") {
  run(backend, [](Env& env) { return never_wakes_early(env); });
}

Task<void> sleeps_until_the_past(Env& env) {
  co_await env.clock.sleep_for(milliseconds(1));
  const TimePoint now = env.clock.now();
  for (const Duration back : {Duration(0), Duration(1), Duration(500'000)}) {
    const auto slept = co_await env.clock.sleep_until(now - back);
    CHECK(outcome(slept) == "ok");
  }
  const auto negative = co_await env.clock.sleep_for(Duration(-5));
  CHECK(outcome(negative) == "ok");
  CHECK(env.clock.now() - now < std::chrono::seconds(2));
}

CONFORMANCE("sleeping until the past returns soon") {
  run(backend, [](Env& env) { return sleeps_until_the_past(env); });
}

Task<void> gives_others_a_turn(Env& env) {
  std::vector<int> order;
  Scope scope(env.executor);
  scope.spawn(sleeps(env, Duration(0), 1, &order));
  for (int count = 0; count < 3; ++count) co_await env.clock.sleep_for(Duration(0));
  co_await scope.join();
  CHECK(order == std::vector<int>{1});
}

CONFORMANCE("sleeping for no time lets others run") {
  run(backend, [](Env& env) { return gives_others_a_turn(env); });
}

Task<void> tells_the_time(Env& env) {
  const WallTime wall = env.clock.wall_now();
  const TimePoint monotonic = env.clock.now();
  CHECK(wall.time_since_epoch() > std::chrono::hours(24 * 365 * 55));
  co_await env.clock.sleep_for(milliseconds(5));
  const Duration wall_passed = env.clock.wall_now() - wall;
  const Duration passed = env.clock.now() - monotonic;
  CHECK(passed >= milliseconds(5));
  CHECK(wall_passed > Duration(0));
}

CONFORMANCE("both clocks go on") {
  run(backend, [](Env& env) { return tells_the_time(env); });
}

Task<void> cancels_a_sleep(Env& env) {
  const Duration long_time = std::chrono::hours(1);
  const TimePoint before = env.clock.now();
  const auto slept =
      co_await with_timeout(env.clock, milliseconds(10), env.clock.sleep_for(long_time));
  CHECK(outcome(slept) == "timed_out");
  CHECK(env.clock.now() - before >= milliseconds(10));
  const auto in_time =
      co_await with_timeout(env.clock, long_time, env.clock.sleep_for(milliseconds(10)));
  CHECK(outcome(in_time) == "ok");
}

CONFORMANCE("a deadline ends a sleep, and is gone once the sleep is over") {
  run(backend, [](Env& env) { return cancels_a_sleep(env); });
}

}  // namespace
}  // namespace piccolo::conformance
