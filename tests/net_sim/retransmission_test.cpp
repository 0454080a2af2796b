// Loss below the stream: it costs time, never bytes, until the kernel gives up.

#include "lab.hpp"
#include "piccolo/core/scope.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::read;
using conformance::write;

// Says "one", "two", ... one at 1 s, two at 2 s, and so on.
Task<void> counts(Env& env, Lab* lab) {
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  int second = 0;
  for (const char* const word : {"one", "two", "three"}) {
    co_await env.clock.sleep_until(at(seconds(++second)));
    const std::string taken = co_await write(&stream, word);
    if (taken != std::to_string(std::string_view(word).size())) lab->diary.note(env, taken);
  }
  co_await env.clock.sleep_for(minutes(60));
}

TEST_CASE("a lost segment arrives late, in order, once: after one retransmission time-out") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return counts(env, &lab); });
  lab.world.at(at(milliseconds(1999)), [&] { lab.world.cut(lab.client, lab.server); });
  lab.world.at(at(milliseconds(2001)), [&] { lab.world.mend(lab.client, lab.server); });
  lab.run_for(seconds(10));
  // The time-out is 200 ms and the round trip of 200 us.
  CHECK(lab.diary.lines() == Lines{"1.0001s [one]", "2.2041s [two]", "3.0001s [three]"});
  CHECK(lab.world.fault_counts()[FaultKind::partition].observed == 1);
}

TEST_CASE("a lost acknowledgement makes the data come twice, and be read once") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return counts(env, &lab); });
  lab.world.at(at(milliseconds(1999)), [&] { lab.world.cut(lab.server, lab.client); });
  lab.world.at(at(milliseconds(2001)), [&] { lab.world.mend(lab.server, lab.client); });
  lab.run_for(seconds(10));
  CHECK(lab.diary.lines() == Lines{"1.0001s [one]", "2.0001s [two]", "3.0001s [three]"});
}

TEST_CASE("what is written during an outage arrives when a retransmission gets through") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return counts(env, &lab); });
  lab.world.at(at(milliseconds(1999)), [&] { lab.world.partition(lab.client, lab.server); });
  lab.world.at(at(milliseconds(3100)), [&] { lab.world.heal(lab.client, lab.server); });
  lab.run_for(seconds(10));
  // Sent at 2 s, probed 204 ms later, tried again after 204 ms more, times 1, 3, 7. After a
  // time-out one segment may be under way: the other word follows its acknowledgement.
  CHECK(lab.diary.lines() == Lines{"1.0001s [one]", "3.6321s [two]", "3.6323s [three]"});
}

TEST_CASE("after an outage the time-out is short again") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    for (const int second : {1, 100, 200}) {
      co_await env.clock.sleep_until(at(seconds(second)));
      co_await write(&stream, std::to_string(second));
    }
    co_await env.clock.sleep_for(minutes(60));
  });
  for (const int second : {1, 100}) {
    lab.world.at(at(seconds(second)), [&] { lab.world.cut(lab.client, lab.server); });
    lab.world.at(at(seconds(second) + milliseconds(second == 1 ? 30'000 : 100)),
                 [&] { lab.world.mend(lab.client, lab.server); });
  }
  lab.run_for(seconds(300));
  CHECK(lab.diary.lines() == Lines{"53.2241s [1]", "100.2041s [100]", "200.0001s [200]"});
}

TEST_CASE("an outage beyond the kernel's patience ends the writer, and no idle stream") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream idle = co_await connect_or_throw(env, in->at_server());
    Stream busy = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_until(at(seconds(1)));
    in->world.partition(in->client, in->server);
    co_await write(&busy, "lost");
    const std::string got = co_await read(&busy);
    in->diary.note(env, got);
    const std::string again = co_await read(&busy);
    in->diary.note(env, again);
    const std::string sent = co_await write(&busy, "?");
    in->diary.note(env, sent);
    // Nobody told this one anything: it is half open, and works once the partition is over.
    co_await env.clock.sleep_until(at(minutes(60)));
    in->world.heal(in->client, in->server);
    const std::string fine = co_await write(&idle, "fine");
    in->diary.note(env, fine);
    const auto none = co_await read(&idle);
    in->diary.note(env, none);
  });
  lab.run_for(minutes(120));
  // The probe after 204 ms; from there 204 ms times (2^10 - 1), and six times 120 s: the first
  // time-out at which 924.6 s have passed since the first retransmission
  // (net.ipv4.tcp_retries2 = 15), of which the probe is none.
  CHECK(lab.diary.lines() ==
        Lines{"929.896s timed_out", "929.896s end", "929.896s broken_pipe", "3600s 4"});
}

TEST_CASE("a waiting write is told that the peer is gone") {
  WorldOptions options;
  options.tcp.retransmits_max = 3;
  Lab lab(options);
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    in->world.partition(in->client, in->server);
    const std::string much(1'000'000, 'x');
    const std::string taken = co_await write(&stream, much);
    in->diary.note(env, taken);
    const std::string sent = co_await write(&stream, "?");
    in->diary.note(env, sent);
  });
  lab.run_for(minutes(1));
  // Ten segments: the probe comes after two round trips and 2 ms, in ticks after 4 ms. From there
  // 204 ms times (2^5 - 1).
  CHECK(lab.diary.lines() == Lines{"200us 65536", "6.3282s timed_out"});
}

TEST_CASE("a peer that lost power is silent, and resets what reaches it once it is back") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_until(at(seconds(1)));
    in->world.power_off(in->server);
    co_await env.clock.sleep_until(at(seconds(2)));
    in->world.power_on(in->server);
    co_await env.clock.sleep_until(at(seconds(3)));
    const std::string sent = co_await write(&stream, "still there?");
    in->diary.note(env, sent);
    const std::string got = co_await read(&stream);
    in->diary.note(env, got);
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"3s 12", "3.0002s connection_reset"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("data under way to a machine without power is retried, and reset by its next life") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    in->world.power_off(in->server);
    co_await write(&stream, "hello?");
    co_await env.clock.sleep_until(at(milliseconds(500)));
    in->world.power_on(in->server);
    const std::string got = co_await read(&stream);
    in->diary.note(env, got);
  });
  lab.finish();
  // The probe 204 ms after the first try, others 204 ms after that, and 408 ms.
  CHECK(lab.diary.lines() == Lines{"816.4ms connection_reset"});
}

TEST_CASE("a lost FIN is sent again") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_until(at(seconds(1)));
    in->world.cut(in->client, in->server);
    co_await write(&stream, "bye");
    stream.close();
    co_await env.clock.sleep_for(milliseconds(50));
    in->world.mend(in->client, in->server);
  });
  lab.finish();
  // The probe says it again after 4 ms, in vain; the time-out of 204 ms counts from there.
  CHECK(lab.diary.lines() == Lines{"1.2081s [bye]", "1.2083s end"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("a FIN whose acknowledgement was lost is sent again, and ends the stream once") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    const std::string end = co_await read(&stream);
    in->diary.note(env, end);
    co_await write(&stream, "more");
    stream.close();
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    in->world.cut(in->server, in->client);
    CHECK(outcome(stream.shutdown_send()) == "ok");
    co_await env.clock.sleep_for(milliseconds(100));
    in->world.mend(in->server, in->client);
    const std::string more = co_await read(&stream);
    in->diary.note(env, more);
    const std::string end = co_await read(&stream);
    in->diary.note(env, end);
  });
  lab.finish();
  // The server's probe is lost 4 ms after what it wrote; 204 ms later its time-out strikes.
  CHECK(lab.diary.lines() == Lines{"300us end", "208.4ms [more]", "208.6ms end"});
  CHECK(lab.world.live_connections() == 0);
}

// A closed stream's last words, under a partition that heals at `when`.
Lines last_words(Duration when) {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_until(at(seconds(1)));
    in->world.partition(in->client, in->server);
    co_await write(&stream, "bye");
  });
  lab.world.at(at(when), [&] { lab.world.heal(lab.client, lab.server); });
  lab.run_for(minutes(20));
  return lab.diary.lines();
}

TEST_CASE("a closed stream tries less often than an open one before its kernel gives up") {
  // tcp_orphan_retries(): 8, so for 102.2 s after the first retransmission; the last time-out
  // before that is 204 ms times 255 after the probe, which follows the FIN by 4 ms.
  CHECK(last_words(seconds(50)) == Lines{"53.0241s [bye]", "53.0243s end"});
  CHECK(last_words(seconds(60)).empty());
}

TEST_CASE("a reset ends TIME_WAIT, and is no error to whoever still holds the stream") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    co_await read(&stream);
    // Its FIN is acknowledged so late that it is sent twice; the second finds its sender gone.
    in->world.add_delay(in->client, in->server, milliseconds(300));
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    CHECK(outcome(stream.shutdown_send()) == "ok");
    co_await env.clock.sleep_for(seconds(2));
    const std::string sent = co_await write(&stream, "?");
    in->diary.note(env, sent);
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"2.0002s broken_pipe"});
  // Without the reset it would have waited for a minute.
  CHECK(lab.world.now() < at(seconds(10)));
}

// The events that the last ten of forty echoes cost.
std::uint64_t cost_of_ten_echoes(Duration delay) {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_until(at(seconds(1)));
    for (int count = 0; count < 40; ++count) {
      if (count == 30) in->diary.note(env, std::to_string(in->world.events()));
      co_await write(&stream, "ping");
      co_await read(&stream);
    }
    in->diary.note(env, std::to_string(in->world.events()));
  });
  lab.world.at(at(milliseconds(500)), [&] { lab.world.add_delay(lab.client, lab.server, delay); });
  lab.run_for(minutes(2));
  std::vector<std::uint64_t> events;
  for (const std::string& line : lab.diary.lines()) {
    events.push_back(std::stoull(line.substr(line.find(' '))));
  }
  REQUIRE(events.size() == 2);
  return events[1] - events[0];
}

TEST_CASE("the time-out learns that the way has become longer") {
  // At 500 ms, a time-out of 200 ms would send everything twice.
  CHECK(cost_of_ten_echoes(milliseconds(500)) == cost_of_ten_echoes(Duration(0)));
}

}  // namespace
}  // namespace piccolo::test
