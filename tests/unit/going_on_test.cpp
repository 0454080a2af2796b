// A fiber that nobody competes with goes on where it is. That must not show: the steps come in the
// order in which they would by way of the queue, one at a time.

#include <string>
#include <tuple>

#include "manual_world.hpp"
#include "piccolo/core/mailbox.hpp"
#include "piccolo/core/yield.hpp"
#include "property.hpp"

using namespace piccolo;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

Task<void> yields(int times, int* done) {
  for (int time = 0; time < times; ++time) {
    co_await yield();
    ++*done;
  }
}

Task<int> leaf(int value) {
  co_await yield();
  co_return value;
}

// Steps that complete at once, that wait for others, that return from other tasks, and children.
Task<void> program(Executor& executor, Clock& clock, Mailbox<int>* mailbox, Draws draws,
                   std::string name, int depth, Lines* lines) {
  Scope scope(executor);
  for (int step = 0; step < 6; ++step) {
    lines->push_back(name + std::to_string(step));
    switch (draws.below(6)) {
      case 0: {
        co_await yield();
        break;
      }
      case 1: {
        const auto value = co_await leaf(step);
        lines->push_back(name + "=" + std::to_string(value));
        break;
      }
      case 2: {
        co_await clock.sleep_for(std::chrono::milliseconds(draws.below(3)));
        break;
      }
      case 3: {
        mailbox->try_send(step);
        break;
      }
      case 4: {
        const auto got = co_await mailbox->receive();
        lines->push_back(name + "<" + std::to_string(got.value_or(-1)));
        break;
      }
      default: {
        if (depth == 0) break;
        scope.spawn(program(executor, clock, mailbox, Random(draws.next()).stream("child"),
                            name + ".", depth - 1, lines));
      }
    }
  }
  co_await scope.join();
  lines->push_back(name + "ends");
}

// What happens when each call of `run` may go on for `most` resumptions.
Lines steps(ReadyOrder order, std::uint64_t seed, int programs, std::uint64_t most) {
  Lines lines;
  ManualWorld world(order, seed);
  Mailbox<int> mailbox(2);
  Scope scope(world.executor);
  for (int index = 0; index < programs; ++index) {
    const auto subject = static_cast<std::uint64_t>(index);
    scope.spawn(program(world.executor, world.clock, &mailbox, Random(seed).stream("p", subject),
                        std::string(1, static_cast<char>('a' + index)), 2, &lines));
  }
  const auto settle = [&] {
    while (world.executor.run(most) > 0) {
    }
  };
  settle();
  while (world.clock.armed() > 0) {
    world.clock.fire_next();
    settle();
  }
  mailbox.close();
  settle();
  return lines;
}

Task<void> steps_back(Executor& executor, int* done) {
  co_await yield();
  executor.stay_in_line();
  ++*done;
  co_await yield();
  ++*done;
}

Task<void> two_steps(std::string name, Lines* lines) {
  lines->push_back(name + "1");
  co_await yield();
  lines->push_back(name + "2");
}

Task<void> tells_how_it_ended(std::error_code* code) {
  const auto yielded = co_await yield();
  if (!yielded) *code = yielded.error();
}

}  // namespace

TEST_CASE("executor: a fiber that alone is ready goes on, as often as it may") {
  ManualWorld world;
  int done = 0;
  world.spawn(yields(5, &done));
  CHECK(world.executor.run(3) == 3);
  CHECK(done == 2);
  CHECK_FALSE(world.executor.idle());
  CHECK(world.executor.run(100) == 3);
  CHECK(done == 5);
  CHECK(world.executor.run(100) == 0);
}

TEST_CASE("executor: a fiber does not go on before another one that is ready") {
  ManualWorld world;
  int done = 0;
  world.spawn(yields(5, &done));
  world.spawn(yields(5, &done));
  CHECK(world.executor.run(100) == 1);
  CHECK(world.executor.run(100) == 1);
}

TEST_CASE("executor: a fiber that is told to stay in line goes on by way of the queue") {
  ManualWorld world;
  int done = 0;
  world.spawn(steps_back(world.executor, &done));
  CHECK(world.executor.run(100) == 2);
  CHECK(done == 1);
  CHECK(world.executor.run(100) == 1);
  CHECK(done == 2);
}

TEST_CASE("executor: that a fiber goes on where it is does not show") {
  rc::prop("the steps are those of one resumption at a time", [](std::uint64_t seed) {
    const int programs = *rc::gen::inRange(1, 5);
    const auto order = *rc::gen::element(ReadyOrder(ReadyOrder::fifo),
                                         ReadyOrder(ReadyOrder::random), ReadyOrder::pct(3));
    const auto most = *rc::gen::element<std::uint64_t>(2, 7, 64);
    RC_ASSERT(steps(order, seed, programs, most) == steps(order, seed, programs, 1));
  });
}

TEST_CASE("yield: others go first") {
  ManualWorld world;
  Lines lines;
  world.spawn(two_steps("a", &lines));
  world.spawn(two_steps("b", &lines));
  world.settle();
  CHECK(lines == Lines{"a1", "b1", "a2", "b2"});
}

TEST_CASE("yield: a canceled task is told so") {
  ManualWorld world;
  std::error_code code;
  Scope scope(world.executor);
  scope.spawn(tells_how_it_ended(&code));
  scope.cancel();
  world.settle();
  CHECK(code == std::errc::operation_canceled);
}
