#include <signal.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "piccolo/core/mailbox.hpp"
#include "support.hpp"

namespace piccolo::test {
namespace {

Task<void> count_up(std::atomic<int>* counter) {
  ++*counter;
  co_return;
}

Task<void> wait_for_cancel(Env& env, std::atomic<int>* canceled) {
  const auto slept = co_await env.clock.sleep_for(1h);
  if (!slept && is_canceled(slept.error())) ++*canceled;
}

Task<void> fail_soon(Env& env) {
  co_await pause(env, 5ms);
  throw std::runtime_error("deliberate");
}

// One pending operation of each kind, and more streams than are waited on.
class Everything {
 public:
  explicit Everything(Env& env) : env_(env), mailbox_(1), scope_(env.executor) {}

  static Task<void> start(Everything* self) {
    ListenOptions options;
    options.backlog = 0;
    auto listener = self->env_.network.listen(any_port(), options);
    REQUIRE(listener);
    self->full_ = std::move(*listener);
    auto first = co_await self->env_.network.connect(self->full_.local_endpoint());
    REQUIRE(first);
    self->pair_ = co_await connect_pair(self->env_);
    const std::size_t filled = co_await fill(self->env_, self->pair_.client);
    REQUIRE(filled > 0);
    auto idle = self->env_.network.listen(any_port());
    REQUIRE(idle);
    self->idle_ = std::move(*idle);
    for (auto* const wait : {read, write, accept, connect, sleep, resolve, receive}) {
      self->scope_.spawn(wait(self));
    }
    co_await pause(self->env_, 1ms);
  }

 private:
  static Task<void> read(Everything* self) {
    std::array<std::byte, 8> buffer{};
    const auto got = co_await self->pair_.client.read_some(buffer);
    FAIL("read " << got.has_value());
  }
  static Task<void> write(Everything* self) {
    std::array<std::byte, 8> buffer{};
    const auto got = co_await self->pair_.client.write_some(buffer);
    FAIL("wrote " << got.has_value());
  }
  static Task<void> accept(Everything* self) {
    const auto got = co_await self->idle_.accept();
    FAIL("accepted " << got.has_value());
  }
  static Task<void> connect(Everything* self) {
    const auto got = co_await self->env_.network.connect(self->full_.local_endpoint());
    FAIL("connected " << got.has_value());
  }
  static Task<void> sleep(Everything* self) {
    const auto got = co_await self->env_.clock.sleep_for(1h);
    FAIL("slept " << got.has_value());
  }
  static Task<void> resolve(Everything* self) {
    const auto got = co_await self->env_.network.resolve("no-such-host.invalid", 1);
    static_cast<void>(got);  // this one may have an answer
  }
  static Task<void> receive(Everything* self) {
    const auto got = co_await self->mailbox_.receive();
    FAIL("received " << got.has_value());
  }

  Env& env_;
  Listener full_;
  Listener idle_;
  Pair pair_;
  Mailbox<int> mailbox_;
  Scope scope_;  // the first to go
};

Task<void> unwind_with_everything(Env& env) {
  Everything everything(env);
  co_await Everything::start(&everything);
  throw std::runtime_error("deliberate");
}

Task<void> hold_everything(Env& env, std::atomic<bool>* ready) {
  Everything everything(env);
  co_await Everything::start(&everything);
  *ready = true;
  const auto slept = co_await env.clock.sleep_for(1h);
  FAIL("slept " << slept.has_value());
}

// A lookup whose world is gone may take its time.
bool settles_at(std::size_t descriptors) {
  for (int waited = 0; waited < 1000; ++waited) {
    if (open_descriptors() == descriptors) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

// A program that does not care for cancellation.
Task<void> stubborn(Env& env, std::atomic<int>* rounds) {
  for (;;) {
    const auto slept = co_await env.clock.sleep_for(1h);
    REQUIRE(!slept);
    ++*rounds;
    if (*rounds == 100) ::raise(SIGTERM);
  }
}

Task<void> probe(Env& env, std::atomic<int>* fired) {
  for (int time = 0; time < 100; ++time) {
    if (env.probes.buggify("anything", 1'000'000)) ++*fired;
    env.probes.sometimes("here");
  }
  co_return;
}

Task<void> raise_signal(Env& env, int number) {
  co_await pause(env, 5ms);
  ::raise(number);
}

}  // namespace

TEST_CASE("a world runs what was started before and from other threads") {
  std::atomic<int> counter = 0;
  std::atomic<int> canceled = 0;
  RealWorld world(quiet(2));
  world.start(0, [&](Env&) { return count_up(&counter); });
  world.start(0, [&](Env& env) { return wait_for_cancel(env, &canceled); });
  world.start(1, [&](Env& env) { return wait_for_cancel(env, &canceled); });
  std::jthread other([&] {
    for (int count = 0; count < 100; ++count) {
      world.start(static_cast<unsigned>(count) % 2, [&](Env&) { return count_up(&counter); });
    }
    while (counter < 101) std::this_thread::yield();
    world.stop();
  });
  world.run();
  REQUIRE(counter == 101);
  REQUIRE(canceled == 2);
}

TEST_CASE("a world ends with the programs of loop 0, and may run again") {
  std::atomic<int> canceled = 0;
  std::atomic<int> counter = 0;
  RealWorld world(quiet(2));
  for (int round = 1; round <= 3; ++round) {
    world.start(1, [&](Env& env) { return wait_for_cancel(env, &canceled); });
    world.start(0, [&](Env&) { return count_up(&counter); });
    world.run();
    REQUIRE(counter == round);
    REQUIRE(canceled == round);
  }
}

TEST_CASE("no probe fires outside of a simulation") {
  std::atomic<int> fired = 0;
  RealWorld world(quiet());
  world.start(0, [&](Env& env) { return probe(env, &fired); });
  world.run();
  REQUIRE(fired == 0);
}

TEST_CASE("an exception of a program surfaces, whichever loop it was on") {
  for (const unsigned loop : {0U, 1U}) {
    std::atomic<int> canceled = 0;
    RealWorld world(quiet(2));
    world.start(loop, fail_soon);
    world.start(1 - loop, [&](Env& env) { return wait_for_cancel(env, &canceled); });
    REQUIRE_THROWS_WITH(world.run(), "deliberate");
    REQUIRE(canceled == 1);
  }
}

TEST_CASE("an exception while everything is pending leaks nothing") {
  const std::size_t before = open_descriptors();
  {
    RealWorld world(quiet());
    world.start(0, unwind_with_everything);
    REQUIRE_THROWS_WITH(world.run(), "deliberate");
  }
  REQUIRE(settles_at(before));
}

TEST_CASE("a loop that breaks destroys its programs where they stand") {
  const std::size_t before = open_descriptors();
  {
    std::atomic<bool> ready = false;
    RealWorld world(quiet());
    world.start(0, [&](Env& env) { return hold_everything(env, &ready); });
    std::jthread other([&] {
      while (!ready) std::this_thread::yield();
      world.start(0, [](Env&) -> Task<void> { throw std::runtime_error("deliberate"); });
    });
    REQUIRE_THROWS_WITH(world.run(), "deliberate");
  }
  REQUIRE(settles_at(before));
}

TEST_CASE("the first signal cancels, on all loops") {
  for (const int number : {SIGINT, SIGTERM}) {
    std::atomic<int> canceled = 0;
    RealOptions options = quiet(2);
    options.handle_signals = true;
    RealWorld world(options);
    world.start(0, [&](Env& env) { return wait_for_cancel(env, &canceled); });
    world.start(1, [&](Env& env) { return wait_for_cancel(env, &canceled); });
    world.start(1, [=](Env& env) { return raise_signal(env, number); });
    world.run();
    REQUIRE(canceled == 2);
  }
}

TEST_CASE("a signal before the run is not lost") {
  std::atomic<int> canceled = 0;
  RealOptions options = quiet();
  options.handle_signals = true;
  RealWorld world(options);
  ::raise(SIGTERM);
  world.start(0, [&](Env& env) { return wait_for_cancel(env, &canceled); });
  world.run();
  REQUIRE(canceled == 1);
}

TEST_CASE("the second signal destroys what does not heed the first") {
  std::atomic<int> rounds = 0;
  RealOptions options = quiet(2);
  options.handle_signals = true;
  options.log_level = LogLevel::off;
  RealWorld world(options);
  world.start(0, [&](Env& env) { return stubborn(env, &rounds); });
  world.start(1, [=](Env& env) { return raise_signal(env, SIGTERM); });
  world.run();
  REQUIRE(rounds > 0);
}

TEST_CASE("the second signal reaches other loops, also when loop 0 has ended") {
  std::atomic<int> rounds = 0;
  RealOptions options = quiet(2);
  options.handle_signals = true;
  options.log_level = LogLevel::off;
  RealWorld world(options);
  world.start(0, [=](Env& env) { return raise_signal(env, SIGTERM); });
  world.start(1, [&](Env& env) { return stubborn(env, &rounds); });
  world.run();
  REQUIRE(rounds > 0);
}

TEST_CASE("a world puts the handling of signals back") {
  static_cast<void>(::signal(SIGTERM, SIG_IGN));
  {
    RealOptions options = quiet();
    options.handle_signals = true;
    const RealWorld world(options);
  }
  REQUIRE(::signal(SIGTERM, SIG_DFL) == SIG_IGN);
}

}  // namespace piccolo::test
