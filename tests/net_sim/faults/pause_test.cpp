// A process that is stopped, and a kernel that goes on without it.

#include "../lab.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/yield.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::read;
using conformance::read_all;
using conformance::write;

// Pauses from `first` to `last`.
void pause(Lab& lab, ProcessId process, Duration first, Duration last) {
  lab.world.at(at(first), [&lab, process] { lab.world.pause(process); });
  lab.world.at(at(last), [&lab, process] { lab.world.resume(process); });
}

FaultCount count(const Lab& lab) { return lab.world.fault_counts()[FaultKind::pause]; }

TEST_CASE("timers do not run while their process is paused, and are all due when it goes on") {
  Lab lab;
  const ProcessId sleeper = lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Scope scope(env.executor);
    for (const int delay : {300, 100, 200, 150}) {
      scope.spawn([](Env& with, Lab* lab_of, int after) -> Task<void> {
        co_await with.clock.sleep_for(milliseconds(after));
        lab_of->diary.note(with, std::to_string(after));
      }(env, in, delay));
    }
    co_await scope.join();
  });
  pause(lab, sleeper, milliseconds(50), milliseconds(250));
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"250ms 100", "250ms 150", "250ms 200", "300ms 300"});
  CHECK(count(lab).injected == 1);
  CHECK(count(lab).observed == 1);
}

TEST_CASE("a process that pauses itself gets no further than the next time it waits") {
  Lab lab;
  const ProcessId process = lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    in->world.pause(0);
    in->diary.note(env, "paused");
    co_await yield();  // completes at once, and nobody else is ready
    in->diary.note(env, "went on");
  });
  REQUIRE(process == 0);
  lab.world.at(at(seconds(2)), [&] { lab.world.resume(process); });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"0s paused", "2s went on"});
}

TEST_CASE("a paused process's kernel accepts connections up to the backlog, and no more") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return keeps(env, &lab, 1); });
  pause(lab, server, milliseconds(1), milliseconds(1500));
  for (const int when : {2, 3, 4}) {
    lab.world.at(at(milliseconds(when)), [&] {
      lab.run(lab.client, [](Env& env, Lab* in) { return connects(env, in, seconds(9)); });
    });
  }
  lab.run_for(seconds(1));
  // Linux compares with `>`: one connection more than the backlog fits.
  CHECK(lab.diary.lines() == Lines{"2.2ms connected", "3.2ms connected"});
  CHECK(lab.world.open_sockets(server) == 1);
  lab.run_for(seconds(4));
  CHECK(lab.diary.lines().size() == 3);
  CHECK(lab.world.open_sockets(server) == 4);
}

TEST_CASE("a paused process's kernel takes data until the window is full, and not a byte is lost") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    const std::size_t total = co_await conformance::drain(&stream);
    in->diary.note(env, "read " + std::to_string(total));
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_for(milliseconds(1));
    const std::size_t total = co_await conformance::fill(env, &stream);
    in->diary.note(env, "wrote " + std::to_string(total));
  });
  pause(lab, server, microseconds(500), seconds(20));
  lab.run_for(seconds(19));
  REQUIRE(lab.diary.lines().size() == 1);
  // A send buffer and a receive buffer of 64 KiB each.
  CHECK(lab.diary.lines()[0].ends_with(" wrote 131072"));
  lab.run_for(minutes(2));
  REQUIRE(lab.diary.lines().size() == 2);
  CHECK(lab.diary.lines()[1].ends_with(" read 131072"));
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("what a paused process waits for comes when it goes on, and not before") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    co_await env.clock.sleep_for(milliseconds(10));
    co_await write(&stream, "hello");
    const std::string all = co_await read_all(&stream);
    in->diary.note(env, all);
  });
  const ProcessId client = lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    in->diary.note(env, "connected");
    co_await env.clock.sleep_for(milliseconds(1));
    in->diary.note(env, "slept");
    const std::string got = co_await read(&stream);
    in->diary.note(env, got);
    const auto found = co_await env.network.resolve("server", 1);
    in->diary.note(env, outcome(found));
  });
  pause(lab, client, microseconds(150), seconds(1));
  pause(lab, client, milliseconds(1000) + microseconds(500), seconds(2));
  pause(lab, client, milliseconds(2000) + microseconds(300), seconds(3));
  lab.run_for(seconds(30));
  CHECK(lab.diary.lines() ==
        Lines{"1s connected", "2s slept", "2s [hello]", "3s ok", "3.0001s |end"});
  CHECK(count(lab).injected == 3);
  CHECK(count(lab).observed == 3);
}

TEST_CASE("a write that waits for room is served when its process goes on") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    co_await env.clock.sleep_until(at(seconds(5)));
    co_await conformance::drain(&stream);
  });
  const ProcessId client = lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await conformance::fill(env, &stream);
    const std::string taken = co_await write(&stream, "more");
    in->diary.note(env, taken);
  });
  pause(lab, client, seconds(2), seconds(60));
  lab.run_for(minutes(5));
  CHECK(lab.diary.lines() == Lines{"60s 4"});
}

TEST_CASE("a refusal reaches a paused process when it goes on") {
  Lab lab;
  const ProcessId client = lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  pause(lab, client, microseconds(50), seconds(1));
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"1s connection_refused"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("a paused process may be killed, and its kernel closes what it never learned of") {
  for (const bool data : {false, true}) {
    Lab lab;
    lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
      Listener listener = listen_or_throw(env, in->at_server());
      Stream stream = co_await accept_or_throw(&listener);
      if (in->diary.lines().size() == 1) co_await write(&stream, "unread");
      const std::string all = co_await read_all(&stream);
      in->diary.note(env, all);
    });
    const ProcessId client = lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
    if (data)
      lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
        in->diary.note(env, "with data");
        co_return;
      });
    lab.world.at(at(microseconds(50)), [&] { lab.world.pause(client); });
    lab.world.at(at(seconds(1)), [&] {
      lab.world.kill(client);
      lab.world.resume(client);
    });
    lab.run_for(minutes(5));
    CHECK_FALSE(lab.world.running(client));
    REQUIRE_FALSE(lab.diary.lines().empty());
    CHECK(lab.diary.lines().back() == (data ? "1.0001s |connection_reset" : "1.0001s |end"));
    CHECK(lab.world.live_connections() == 0);
  }
}

TEST_CASE("a paused process that loses power, or is started again, is paused no more") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.world.at(at(seconds(1)), [&] {
    lab.world.pause(server);
    lab.world.power_off(lab.server);
    lab.world.power_on(lab.server);
    lab.world.start(server);
    lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
      Stream stream = co_await connect_or_throw(env, in->at_server());
      co_await write(&stream, "hello");
      const std::string got = co_await read(&stream);
      in->diary.note(env, got);
    });
  });
  lab.world.at(at(seconds(2)), [&] { lab.world.resume(server); });
  lab.run_for(seconds(10));
  CHECK(lab.diary.lines() == Lines{"1.0004s [hello]"});
  CHECK(count(lab).observed == 0);
}

TEST_CASE("a paused process learns that it is to stop when it goes on") {
  Lab lab;
  const ProcessId slow = lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    const auto slept = co_await env.clock.sleep_for(minutes(60));
    in->diary.note(env, outcome(slept));
  });
  pause(lab, slow, seconds(1), seconds(3));
  lab.world.at(at(seconds(2)), [&] { lab.world.stop(slow); });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"3s operation_canceled"});
}

TEST_CASE("a process may be paused at any moment of its life, and goes on as if nothing was") {
  for (int moment = 0; moment < 60; ++moment) {
    Lab lab;
    const ProcessId server = lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
    const ProcessId client = lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
      Stream stream = co_await connect_or_throw(env, in->at_server());
      std::string all;
      for (const char* const word : {"to", "be", "or", "not"}) {
        co_await write(&stream, word);
        const std::string got = co_await read(&stream);
        all += got;
      }
      in->diary.note(env, all);
    });
    const Duration when = microseconds(moment * 21);
    pause(lab, moment % 2 == 0 ? client : server, when, when + milliseconds(700));
    lab.run_for(seconds(20));
    REQUIRE(lab.diary.lines().size() == 1);
    CHECK(lab.diary.lines()[0].ends_with(" [to][be][or][not]"));
  }
}

}  // namespace
}  // namespace piccolo::test
