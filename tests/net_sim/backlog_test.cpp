// The queue of a listener: full, closed, forgotten.

#include "lab.hpp"

namespace piccolo::test {
namespace {

using conformance::listen_or_throw;

// Listens with room for two (Linux takes one more than the backlog), accepts all from `when` on.
Task<void> accepts_from(Env& env, Lab* lab, Duration when, int backlog) {
  Listener listener = listen_or_throw(env, lab->at_server(), backlog);
  co_await env.clock.sleep_until(at(when));
  std::vector<Stream> kept;
  for (;;) {
    auto stream = co_await listener.accept();
    if (!stream) co_return;
    kept.push_back(std::move(*stream));
    lab->diary.note(env, "accepted");
  }
}

TEST_CASE("a full backlog drops the SYN: the client tries again and loses nothing") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return accepts_from(env, &lab, milliseconds(1500), 1); });
  lab.run_for(microseconds(10));
  for (int count = 0; count < 2; ++count) {
    lab.run(lab.client, [&](Env& env) { return connects(env, &lab, minutes(1)); });
  }
  lab.run_for(milliseconds(10));
  CHECK(lab.diary.lines() == Lines{"210us connected", "210us connected"});
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab, minutes(1)); });
  lab.run_for(seconds(20));
  // The third one's SYNs leave at 10.01 ms, 1.01001 s and 3.01001 s.
  CHECK(lab.diary.lines() == Lines{"210us connected", "210us connected", "1.5s accepted",
                                   "1.5s accepted", "3.01021s connected", "3.01031s accepted"});
}

// Its clients race for the last place: both got an answer to their SYN, one cannot finish.
TEST_CASE(
    "a handshake that finds the backlog full at its last step is finished when there is room") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return accepts_from(env, &lab, milliseconds(500), 0); });
  lab.run_for(microseconds(10));
  for (int count = 0; count < 2; ++count) {
    lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
      Stream stream = co_await conformance::connect_or_throw(env, in->at_server());
      in->diary.note(env, "connected");
      co_await conformance::write(&stream, "x");
      co_await env.clock.sleep_for(minutes(1));
    });
  }
  lab.run_for(seconds(20));
  // What the other one sent was ignored, and is probed after 204 ms, and sent again after 204 ms
  // more, and 408 ms more.
  const Lines& lines = lab.diary.lines();
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == "210us connected");
  CHECK(lines[1] == "210us connected");
  CHECK(lines[2] == "500ms accepted");
  CHECK(lines[3] == "816.31ms accepted");
}

TEST_CASE("half-open connections go with their listener: the client that answers meets a reset") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    co_await env.clock.sleep_for(microseconds(150));
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await conformance::connect_or_throw(env, in->at_server());
    in->diary.note(env, "connected");
    const std::string got = co_await conformance::read(&stream);
    in->diary.note(env, got);
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"200us connected", "400us connection_reset"});
  CHECK(lab.world.live_connections() == 0);
}

Task<void> connects_later(Env& env, Lab* lab, Duration start) {
  co_await env.clock.sleep_until(at(start));
  Stream stream = co_await conformance::connect_or_throw(env, lab->at_server());
  const std::string got = co_await conformance::read(&stream);
  lab->diary.note(env, got);
}

TEST_CASE("killing a listening process resets whoever waits in its backlog, or half-way there") {
  Lab lab;
  const ProcessId server =
      lab.run(lab.server, [&](Env& env) { return accepts_from(env, &lab, minutes(1), 1024); });
  for (const Duration start : {Duration(0), Duration(milliseconds(1)) - microseconds(150)}) {
    lab.run(lab.client, [&lab, start](Env& env) { return connects_later(env, &lab, start); });
  }
  lab.world.at(at(milliseconds(1)), [&] { lab.world.kill(server); });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"1.1ms connection_reset", "1.25ms connection_reset"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("a negative backlog is the largest one") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return accepts_from(env, &lab, minutes(1), -1); });
  lab.run_for(microseconds(10));
  for (int count = 0; count < 100; ++count) {
    lab.run(lab.client, [&](Env& env) { return connects(env, &lab, minutes(2)); });
  }
  lab.run_for(seconds(1));
  CHECK(lab.diary.lines() == Lines(100, "210us connected"));
}

TEST_CASE("thousands of connections wait in one backlog, and no more than Linux allows") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return accepts_from(env, &lab, minutes(60), 100'000); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    std::vector<Stream> streams;
    for (int count = 0; count < 4097; ++count) {
      Stream stream = co_await conformance::connect_or_throw(env, in->at_server());
      streams.push_back(std::move(stream));
    }
    in->diary.note(env, "all connected");
    const auto one_more = co_await env.network.connect(in->at_server());
    in->diary.note(env, outcome(one_more));
  });
  lab.run_for(minutes(10));
  CHECK(lab.diary.lines() == Lines{"819.4ms all connected", "127.8194s timed_out"});
}

}  // namespace
}  // namespace piccolo::test
