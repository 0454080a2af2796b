// The world as a whole: its script, its failures, its bookkeeping.

#include "lab.hpp"
#include "piccolo/core/scope.hpp"

namespace piccolo::test {
namespace {

using Catch::Matchers::Equals;

TEST_CASE("actions of one moment come in the order of the calls, before all else of that moment") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Lab lab(WorldOptions(), seed);
    std::string order;
    lab.run(lab.client, [&order](Env& env) {
      return [](Env& in, std::string* into) -> Task<void> {
        co_await in.clock.sleep_until(at(seconds(1)));
        *into += "p";
      }(env, &order);
    });
    lab.run_for(milliseconds(1));
    for (const char letter : {'a', 'b', 'c'}) {
      lab.world.at(at(seconds(1)), [&order, letter] { order += letter; });
    }
    lab.finish();
    CHECK(order == "abcp");
  }
}

TEST_CASE("an action in the past happens now, and actions may plan further actions") {
  Lab lab;
  lab.run_for(seconds(1));
  std::vector<Duration> when;
  lab.world.at(at(Duration(0)), [&] {
    when.push_back(lab.world.now().time_since_epoch());
    lab.world.at(at(seconds(2)), [&] { when.push_back(lab.world.now().time_since_epoch()); });
  });
  lab.finish();
  CHECK(when == std::vector<Duration>{seconds(1), seconds(2)});
}

TEST_CASE("running until a time ends at that time, whether anything happens or not") {
  Lab lab;
  CHECK(lab.world.run_until(at(seconds(3))));
  CHECK(lab.world.now() == at(seconds(3)));
  CHECK(lab.world.run_until(at(seconds(2))));
  CHECK(lab.world.now() == at(seconds(3)));
}

Task<void> runs_in_circles(Env& env) {
  for (;;) co_await env.clock.sleep_for(Duration(0));
}

Task<void> does_nothing() { co_return; }

Task<void> awaits_for_ever() {
  for (;;) co_await does_nothing();
}

TEST_CASE("a program that never lets the clock advance is stuck, also when it sleeps for no time") {
  for (const bool sleeps : {false, true}) {
    WorldOptions options;
    options.spin_limit = 1000;
    World world(1, options);
    const HostId host = world.add_host("host");
    world.start(world.add_process(host, "circler", [sleeps](Env& env) {
      return sleeps ? runs_in_circles(env) : awaits_for_ever();
    }));
    CHECK_FALSE(world.run_until(at(seconds(1))));
    REQUIRE(world.failure());
    CHECK(world.failure()->rule == "spin");
    CHECK_THAT(world.failure()->detail, contains_text("circler"));
    CHECK_THAT(world.failure()->detail,
               contains_text(sleeps ? "runs_in_circles" : "awaits_for_ever"));
    CHECK(world.now() == at(Duration(0)));
  }
}

TEST_CASE("many resumptions are no spin while the clock advances") {
  WorldOptions options;
  options.spin_limit = 100;
  Lab lab(options);
  lab.run(lab.client, [](Env& env, Lab*) -> Task<void> {
    for (int count = 0; count < 10'000; ++count) co_await env.clock.sleep_for(Duration(1));
  });
  lab.finish();
  CHECK(lab.world.now() == at(microseconds(10)));
}

Task<void> throws_later(Env& env) {
  co_await env.clock.sleep_for(seconds(1));
  throw std::runtime_error("it broke");
}

Task<void> throws_a_number(Env&) {
  throw 42;
  co_return;
}

std::optional<WorldFailure> failure_of(const Program& program) {
  World world(1, WorldOptions());
  const HostId host = world.add_host("host");
  world.start(world.add_process(host, "thrower", program));
  CHECK_FALSE(world.run_until_idle());
  return world.failure();
}

TEST_CASE("a program's exception is the world's failure, with its time") {
  const auto late = failure_of([](Env& env) { return throws_later(env); });
  REQUIRE(late);
  CHECK(late->rule == "exception");
  CHECK_THAT(late->detail, Equals("thrower threw: it broke"));
  CHECK(late->at == at(seconds(1)));
  const auto strange = failure_of([](Env& env) { return throws_a_number(env); });
  REQUIRE(strange);
  CHECK_THAT(strange->detail, contains_text("no std::exception"));
  const auto early = failure_of([](Env&) -> Task<void> { throw std::runtime_error("at once"); });
  REQUIRE(early);
  CHECK_THAT(early->detail, Equals("thrower threw: at once"));
}

TEST_CASE("an action's exception is the world's failure") {
  World world(1, WorldOptions());
  world.at(at(seconds(1)), [] { throw std::runtime_error("bad script"); });
  CHECK_FALSE(world.run_until_idle());
  REQUIRE(world.failure());
  CHECK_THAT(world.failure()->detail, contains_text("bad script"));
}

TEST_CASE("the first failure that is reported stops the world, and stays") {
  World world(1, WorldOptions());
  int actions = 0;
  world.at(at(seconds(1)), [&] {
    ++actions;
    world.report_failure("rule", "first");
    world.report_failure("rule", "second");
  });
  world.at(at(seconds(2)), [&] { ++actions; });
  CHECK_FALSE(world.run_until_idle());
  CHECK(world.failure()->detail == "first");
  CHECK(world.now() == at(seconds(1)));
  CHECK(actions == 1);
  CHECK_FALSE(world.run_until(at(seconds(5))));
  CHECK(world.now() == at(seconds(1)));
}

TEST_CASE("the task tree tells where every task waits") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab, minutes(1)); });
  lab.run_for(seconds(1));
  const std::string tree = lab.world.task_tree();
  CHECK_THAT(tree, contains_text("program 0:"));
  CHECK_THAT(tree, contains_text("keeps"));
  CHECK_THAT(tree, contains_text("program 1:"));
  CHECK_THAT(tree, contains_text("connects"));
  CHECK_THAT(tree, contains_text("waiting"));
}

TEST_CASE("each start of a process has randomness of its own, the same in every run") {
  std::vector<std::uint64_t> numbers;
  for (int run = 0; run < 2; ++run) {
    World world(1, WorldOptions());
    const HostId host = world.add_host("host");
    const ProcessId process = world.add_process(host, "drawer", [&numbers](Env& env) {
      numbers.push_back(env.random.stream("site").next());
      return does_nothing();
    });
    for (int start = 0; start < 3; ++start) {
      world.start(process);
      world.run_until_idle();
      CHECK_FALSE(world.running(process));
    }
  }
  REQUIRE(numbers.size() == 6);
  CHECK(numbers[0] != numbers[1]);
  CHECK(numbers[1] != numbers[2]);
  CHECK(numbers[0] == numbers[3]);
  CHECK(numbers[2] == numbers[5]);
}

TEST_CASE("hosts have names and addresses, and are found by them") {
  Lab lab;
  CHECK(lab.world.host_count() == 2);
  CHECK(lab.world.host_name(lab.server) == "server");
  CHECK(lab.world.host_address(lab.server).to_string() == "10.0.0.2");
  CHECK(lab.world.host_address(lab.server, Address::Family::v6).to_string() == "fd00::2");
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    const auto found = co_await env.network.resolve("server", 80);
    REQUIRE(found.has_value());
    for (const Endpoint& each : *found) in->diary.note(env, each.to_string());
    const auto missing = co_await env.network.resolve("nobody", 80);
    in->diary.note(env, outcome(missing));
    const auto addresses = env.network.local_addresses();
    for (const Address& each : *addresses) in->diary.note(env, each.to_string());
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"500us 10.0.0.2:80", "500us [fd00::2]:80", "1ms host_not_found",
                                   "1ms 127.0.0.1", "1ms ::1", "1ms 10.0.0.1", "1ms fd00::1"});
}

TEST_CASE("idle time costs nothing") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab, std::chrono::hours(10'000)); });
  lab.run_for(std::chrono::hours(9'999));
  CHECK(lab.world.events() < 10);
}

TEST_CASE("the trace keeps the last events") {
  Lab lab;
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.finish();
  const auto events = lab.world.trace().last_events();
  REQUIRE(events.size() == lab.world.trace().count());
  CHECK(events.front().kind == EventKind::process_started);
  CHECK(events.back().kind == EventKind::process_ended);
  CHECK(event_kind_name(EventKind::fault) == "fault");
}

}  // namespace
}  // namespace piccolo::test
