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
  CHECK(lab.diary.lines() == Lines{"1.0001s [one]", "2.2003s [two]", "3.0001s [three]"});
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

TEST_CASE("what is written during an outage arrives together, when a retransmission gets through") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return counts(env, &lab); });
  lab.world.at(at(milliseconds(1999)), [&] { lab.world.partition(lab.client, lab.server); });
  lab.world.at(at(milliseconds(3100)), [&] { lab.world.heal(lab.client, lab.server); });
  lab.run_for(seconds(10));
  // Tries at 2 s and after 200.2 ms times 1, 3, 7. One segment takes both words.
  CHECK(lab.diary.lines() == Lines{"1.0001s [one]", "3.4015s [twothree]"});
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
  CHECK(lab.diary.lines() == Lines{"52.0511s [1]", "100.2003s [100]", "200.0001s [200]"});
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
  // 200.2 ms times (2^10 - 1), and six times 120 s: net.ipv4.tcp_retries2 = 15.
  CHECK(lab.diary.lines() ==
        Lines{"925.8046s timed_out", "925.8046s end", "925.8046s broken_pipe", "3600s 4"});
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
  CHECK(lab.diary.lines() == Lines{"200us 65536", "3.0032s timed_out"});
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
  // Tries 200.2 ms after the first, and 400.4 ms after that.
  CHECK(lab.diary.lines() == Lines{"601ms connection_reset"});
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
  CHECK(lab.diary.lines() == Lines{"1.2003s [bye]", "1.2005s end"});
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
  // The server's own retransmission comes 100 us after the answer to the client's FIN.
  CHECK(lab.diary.lines() == Lines{"300us end", "200.6ms [more]", "200.8ms end"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("a lost window update is asked for") {
  WorldOptions options;
  options.tcp.receive_buffer = 4096;
  Lab lab(options);
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    co_await env.clock.sleep_until(at(seconds(1)));
    in->world.cut(in->server, in->client);
    std::size_t total = 0;
    for (int count = 0; count < 64; ++count) {
      const std::string got = co_await read(&stream);
      total += got.size() - 2;
    }
    in->diary.note(env, std::to_string(total));
    in->world.mend(in->server, in->client);
    const std::size_t rest = co_await conformance::drain(&stream);
    in->diary.note(env, std::to_string(rest));
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    const std::string much(10'000, 'x');
    co_await write(&stream, much);
    stream.close();
  });
  lab.finish();
  const Lines& lines = lab.diary.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "1s 4096");
  CHECK(lines[1] == "1.4023s 5904");
}

TEST_CASE("a window that stays shut is asked for ever more seldom, and the stream lives") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    co_await env.clock.sleep_until(at(std::chrono::hours(24)));
    for (std::size_t total = 0; total < 66'984;) {
      const std::string got = co_await read(&stream);
      total += got.size() - 2;
    }
    in->diary.note(env, "all");
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    for (int count = 0; count < 3; ++count) {
      const std::string much(60'000, 'x');
      const std::string taken = co_await write(&stream, much);
      in->diary.note(env, taken);
    }
    co_await env.clock.sleep_for(std::chrono::hours(25));
  });
  lab.run_for(std::chrono::hours(23));
  const std::uint64_t events = lab.world.events();
  CHECK(events < 4000);
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"200us 60000", "200us 5536", "400us 1448", "86400.0002s all"});
}

TEST_CASE("a closed stream gives up on a peer that never takes the rest") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await conformance::fill(env, &stream);
  });
  lab.run_for(minutes(10));
  CHECK(lab.world.live_connections() == 1);  // the server's end, which nobody told
  CHECK(lab.world.open_sockets(1) == 0);
}

}  // namespace
}  // namespace piccolo::test
