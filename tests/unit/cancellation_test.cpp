// Cancellation as a fiber sees it, from the first request on.

#include <string>

#include "catch.hpp"
#include "manual_world.hpp"
#include "piccolo/core/mailbox.hpp"

using namespace piccolo;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

std::string outcome(const Result<void>& result) {
  return result ? "ok" : error_name(result.error());
}

Task<void> three_sleeps(Clock& clock, Lines* lines) {
  for (int index = 0; index < 3; ++index) {
    const auto slept = co_await clock.sleep_for(1s);
    lines->push_back(outcome(slept));
  }
}

Task<void> compute_then_sleep(Clock& clock, Lines* lines) {
  lines->push_back("computing");
  const auto slept = co_await clock.sleep_for(1s);
  lines->push_back(outcome(slept));
}

Task<int> child_value(Lines* lines) {
  lines->push_back("child ran");
  co_return 7;
}

Task<void> awaits_tasks_when_canceled(Clock& clock, Lines* lines) {
  co_await clock.sleep_for(1s);
  const int value = co_await child_value(lines);
  lines->push_back(std::to_string(value));
}

Task<void> receive_one(Mailbox<int>& mailbox, Lines* lines) {
  const auto value = co_await mailbox.receive();
  lines->push_back(value ? std::to_string(*value) : error_name(value.error()));
  const auto next = co_await mailbox.receive();
  lines->push_back(next ? std::to_string(*next) : error_name(next.error()));
}

}  // namespace

TEST_CASE("cancellation: it is sticky, every later operation completes at once") {
  ManualWorld world;
  Lines lines;
  world.spawn(three_sleeps(world.clock, &lines));
  world.run_for(1500ms);
  world.root.cancel();
  world.settle();
  CHECK(lines == Lines{"ok", "operation_canceled", "operation_canceled"});
  CHECK(world.elapsed() == 1500ms);
  CHECK(world.clock.armed() == 0);
}

TEST_CASE("cancellation: a fiber that has not started still runs up to its first operation") {
  ManualWorld world;
  Lines lines;
  world.spawn(compute_then_sleep(world.clock, &lines));
  world.root.cancel();
  world.settle();
  CHECK(lines == Lines{"computing", "operation_canceled"});
}

TEST_CASE("cancellation: only operations are canceled, tasks still give their value") {
  ManualWorld world;
  Lines lines;
  world.spawn(awaits_tasks_when_canceled(world.clock, &lines));
  world.settle();
  world.root.cancel();
  world.settle();
  CHECK(lines == Lines{"child ran", "7"});
}

TEST_CASE("cancellation: an operation that has completed keeps its result") {
  ManualWorld world;
  Lines lines;
  Mailbox<int> mailbox(1);
  Scope scope(world.executor);
  scope.spawn(receive_one(mailbox, &lines));
  world.settle();
  CHECK(mailbox.try_send(5));
  scope.cancel();  // the receiver is ready, but has not run yet
  world.settle();
  CHECK(lines == Lines{"5", "operation_canceled"});
}

TEST_CASE("cancellation: an operation that could complete at once does not, once canceled") {
  ManualWorld world;
  Lines lines;
  Mailbox<int> mailbox(1);
  CHECK(mailbox.try_send(5));
  world.spawn(receive_one(mailbox, &lines));
  world.root.cancel();
  world.settle();
  CHECK(lines == Lines{"operation_canceled", "operation_canceled"});
  CHECK(mailbox.size() == 1);
}
