// The same seed does the same; another seed does not; and what happens in one place moves no
// decision in another.

#include <set>
#include <thread>

#include "lab.hpp"
#include "piccolo/core/scope.hpp"

namespace piccolo::test {
namespace {

using conformance::connect_or_throw;
using conformance::read;
using conformance::write;

WorldOptions jittery() {
  WorldOptions options;
  options.link.latency.shape = LatencyModel::Shape::uniform;
  options.link.latency.spread = microseconds(400);
  return options;
}

Task<void> chats(Env& env, Lab* lab, std::uint16_t port) {
  Stream stream = co_await connect_or_throw(env, lab->at_server(port));
  lab->diary.note(env, stream.local_endpoint().to_string());
  for (int count = 0; count < 10; ++count) {
    co_await write(&stream, "chat");
    const std::string got = co_await read(&stream);
    lab->diary.note(env, got);
  }
}

struct Story {
  Lines lines;
  std::uint64_t hash = 0;
  bool operator==(const Story&) const = default;
};

// What the pair says to each other, whatever else there is.
using Extra = std::function<void(Lab&)>;
Story tell(std::uint64_t seed, const WorldOptions& options, const Extra& extra = nullptr) {
  Lab lab(options, seed);
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return chats(env, &lab, 80); });
  if (extra) extra(lab);
  lab.run_for(seconds(10));
  return Story{lab.diary.lines(), lab.world.trace().hash()};
}

TEST_CASE("the same seed tells the same story, with the same hash, on any thread") {
  const Story story = tell(5, jittery());
  CHECK(story.lines.size() == 11);
  CHECK(story == tell(5, jittery()));
  Story on_another_thread;
  std::thread([&] { on_another_thread = tell(5, jittery()); }).join();
  CHECK(story == on_another_thread);
}

TEST_CASE("another seed tells another story") {
  const Story story = tell(5, jittery());
  for (std::uint64_t seed = 6; seed < 20; ++seed) CHECK_FALSE(story == tell(seed, jittery()));
}

Task<void> chatters_to_itself(Env& env, Lab* lab) {
  Diary ignored;
  Stream stream = co_await connect_or_throw(env, lab->at_server(81));
  for (int count = 0; count < 20; ++count) {
    co_await write(&stream, "other");
    co_await read(&stream);
    co_await env.clock.sleep_for(microseconds(count));
  }
}

TEST_CASE("another pair, on other hosts, moves no draw of this one") {
  const Story alone = tell(5, jittery());
  const Story with = tell(5, jittery(), [](Lab& lab) {
    const HostId third = lab.world.add_host("third");
    lab.run(third, [&lab](Env& env) { return chatters_to_itself(env, &lab); });
    lab.run(lab.server, [&lab](Env& env) { return echoes(env, &lab, 81); });
  });
  CHECK(alone.lines == with.lines);
  CHECK(alone.hash != with.hash);
}

TEST_CASE("another process on the same two hosts moves no draw of this pair") {
  const Story alone = tell(5, jittery());
  const Story with = tell(5, jittery(), [](Lab& lab) {
    lab.run(lab.server, [&lab](Env& env) { return echoes(env, &lab, 81); });
    lab.run(lab.client, [&lab](Env& env) { return chatters_to_itself(env, &lab); });
  });
  CHECK(alone.lines == with.lines);
}

Task<void> draws_and_sleeps(Env& env) {
  Draws draws = env.random.stream("anything");
  for (int count = 0; count < 100; ++count) {
    co_await env.clock.sleep_for(Duration(static_cast<std::int64_t>(draws.below(100'000))));
    env.log.info("drew number {}", count);
  }
}

TEST_CASE("a draw, a timer or a log line elsewhere moves no draw of this pair") {
  const Story alone = tell(5, jittery());
  const Story with = tell(5, jittery(), [](Lab& lab) {
    lab.run(lab.client, [](Env& env, Lab*) { return draws_and_sleeps(env); });
  });
  CHECK(alone.lines == with.lines);
}

TEST_CASE("log lines are no part of the trace, whether anybody reads them or not") {
  WorldOptions silent = jittery();
  WorldOptions loud = jittery();
  loud.log_level = LogLevel::trace;
  const Extra extra = [](Lab& lab) {
    lab.run(lab.client, [](Env& env, Lab*) { return draws_and_sleeps(env); });
  };
  CHECK(tell(5, silent, extra) == tell(5, loud, extra));
}

Task<void> notes_number(Env& env, Lab* lab, int number) {
  lab->diary.note(env, std::to_string(number));
  co_return;
}

Task<void> spawns_many(Env& env, Lab* lab) {
  Scope scope(env.executor);
  for (int number = 0; number < 5; ++number) scope.spawn(notes_number(env, lab, number));
  co_await scope.join();
}

Lines order_of_tasks(ReadyOrder order, std::uint64_t seed) {
  WorldOptions options;
  options.ready_order = order;
  Lab lab(options, seed);
  lab.run(lab.client, [&](Env& env) { return spawns_many(env, &lab); });
  lab.finish();
  return lab.diary.lines();
}

TEST_CASE("ready tasks run first in, first out, or in an order of the seed's choosing") {
  const Lines in_order{"0s 0", "0s 1", "0s 2", "0s 3", "0s 4"};
  CHECK(order_of_tasks(ReadyOrder::fifo, 1) == in_order);
  CHECK(order_of_tasks(ReadyOrder::fifo, 2) == in_order);
  int different = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Lines order = order_of_tasks(ReadyOrder::random, seed);
    CHECK(order == order_of_tasks(ReadyOrder::random, seed));
    if (order != in_order) ++different;
  }
  CHECK(different > 15);
}

Task<void> sleeps_as_long(Env& env, Lab* lab, int number) {
  co_await env.clock.sleep_until(at(seconds(1)));
  lab->diary.note(env, std::to_string(number));
}

Lines order_of_timers(ReadyOrder order, std::uint64_t seed) {
  WorldOptions options;
  options.ready_order = order;
  Lab lab(options, seed);
  for (int number = 0; number < 5; ++number) {
    lab.run(lab.client, [&lab, number](Env& env) { return sleeps_as_long(env, &lab, number); });
  }
  lab.finish();
  return lab.diary.lines();
}

TEST_CASE("simultaneous events come in the order of their making, or of the seed's choosing") {
  const Lines in_order{"1s 0", "1s 1", "1s 2", "1s 3", "1s 4"};
  CHECK(order_of_timers(ReadyOrder::random, 3) == order_of_timers(ReadyOrder::random, 3));
  CHECK(order_of_timers(ReadyOrder::fifo, 3) == order_of_timers(ReadyOrder::fifo, 4));
  int different = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    if (order_of_timers(ReadyOrder::random, seed) != in_order) ++different;
  }
  CHECK(different > 15);
}

TEST_CASE("under pct each process runs its ready tasks by priority, which the seed draws") {
  const ReadyOrder pct = ReadyOrder::pct(2);
  std::set<Lines> orders;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Lines order = order_of_tasks(pct, seed);
    CHECK(order == order_of_tasks(pct, seed));
    orders.insert(order);
    WorldOptions options = jittery();
    options.ready_order = pct;
    CHECK(tell(seed, options) == tell(seed, options));
    // Events are no tasks.
    CHECK(order_of_timers(pct, seed) == order_of_timers(ReadyOrder::random, seed));
  }
  CHECK(orders.size() > 15);
}

Task<void> raises(bool* flag) {
  *flag = true;
  co_return;
}

Task<void> does_nothing() { co_return; }

Task<void> polls(const bool* flag) {
  while (!*flag) co_await does_nothing();
}

Task<void> polls_and_raises(Env& env, bool* flag) {
  Scope scope(env.executor);
  scope.spawn(polls(flag));
  scope.spawn(raises(flag));
  co_await scope.join();
}

TEST_CASE("a task that polls the flag of another is no spin under pct, whoever has priority") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    WorldOptions options;
    options.ready_order = ReadyOrder::pct(1);
    Lab lab(options, seed);
    bool flag = false;
    lab.run(lab.client, [&flag](Env& env) { return polls_and_raises(env, &flag); });
    lab.finish();
    CHECK(flag);
    CHECK_FALSE(lab.world.failure());
  }
}

// Equal on every compiler and at every level of optimisation. If a change of the simulator moves
// it on purpose, put the new value here.
TEST_CASE("the hash of a known story is known") {
  CHECK(tell(5, jittery()).hash == 0x31a25396913ced16);
}

}  // namespace
}  // namespace piccolo::test
