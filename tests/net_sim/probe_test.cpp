// Tail loss probes: when they come, what they carry, and what they say. The round trip is 200 us.

#include "lab.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::write;

// Cuts the way to the server from 1 s on, for so long.
Lines with_a_cut(Duration length, Lab::Script script, const TcpOptions& tcp = TcpOptions()) {
  WorldOptions options;
  options.tcp = tcp;
  Lab lab(options);
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, script);
  lab.world.at(at(seconds(1)), [&] { lab.world.cut(lab.client, lab.server); });
  lab.world.at(at(seconds(1) + length), [&] { lab.world.mend(lab.client, lab.server); });
  lab.run_for(seconds(60));
  return lab.diary.lines();
}

Task<void> writes_every(Env& env, Lab* lab, int count, Duration interval) {
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  co_await env.clock.sleep_until(at(seconds(1) + microseconds(1)));
  for (; count > 0; --count) {
    co_await write(&stream, "x");
    if (count > 1) co_await env.clock.sleep_for(interval);
  }
  co_await env.clock.sleep_for(minutes(2));
}

Task<void> writes_once(Env& env, Lab* lab) { return writes_every(env, lab, 1, Duration(0)); }
Task<void> writes_twice(Env& env, Lab* lab) { return writes_every(env, lab, 2, Duration(0)); }

TEST_CASE("several segments that were lost are probed after two round trips, and found by that") {
  // Two round trips and 2 ms, in whole ticks: the last segment comes again after 4 ms, and with it
  // the sign that the first is missing, which takes its round trip.
  CHECK(with_a_cut(milliseconds(1), writes_twice) == Lines{"1.004301s [xx]"});
}

TEST_CASE("a kernel without tail loss probes waits for the time-out") {
  TcpOptions tcp;
  tcp.tail_loss_probes = false;
  CHECK(with_a_cut(milliseconds(1), writes_twice, tcp) == Lines{"1.204101s [xx]"});
}

TEST_CASE("a lone segment is probed when its time-out would strike, and the time-out counts anew") {
  CHECK(with_a_cut(milliseconds(100), writes_once) == Lines{"1.204101s [x]"});
  // The time-out itself strikes 204 ms after the probe, the next one 408 ms later.
  CHECK(with_a_cut(milliseconds(300), writes_once) == Lines{"1.408101s [x]"});
  CHECK(with_a_cut(milliseconds(500), writes_once) == Lines{"1.816101s [x]"});
}

TEST_CASE("a tail is probed once, and then waits for the time-out") {
  // The probe at 4 ms was lost: 204 ms from there.
  CHECK(with_a_cut(milliseconds(5), writes_twice).front().starts_with("1.208101s"));
}

TEST_CASE("each write postpones the probe") {
  const auto script = [](Env& env, Lab* in) { return writes_every(env, in, 5, milliseconds(2)); };
  // The last of five writes comes at 8 ms.
  CHECK(with_a_cut(milliseconds(11), script) == Lines{"1.012301s [xxxxx]"});
}

TEST_CASE("what is written after a probe waits for the time-out of the first segment") {
  const auto script = [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_until(at(seconds(1) + microseconds(1)));
    co_await write(&stream, "a");
    co_await write(&stream, "b");
    co_await env.clock.sleep_for(milliseconds(10));
    co_await write(&stream, "c");
    co_await env.clock.sleep_for(minutes(2));
  };
  // Not for 204 ms after the probe, which was at 4 ms.
  CHECK(with_a_cut(milliseconds(100), script).front() == "1.204101s [abc]");
}

TEST_CASE("a probe takes new data along, however full the congestion window") {
  TcpOptions tcp;
  tcp.initial_window_segments = 2;
  const auto script = [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_until(at(seconds(1) + microseconds(1)));
    for (const char* const word : {"a", "b", "c"}) co_await write(&stream, word);
    co_await env.clock.sleep_for(minutes(2));
  };
  // The two that were lost follow the sign that the third has arrived.
  CHECK(with_a_cut(milliseconds(1), script, tcp) == Lines{"1.004301s [abc]"});
}

// Loses a segment or delays it for longer than its time-out; then writes two of one byte, and
// after that ten, all at once. How many of the ten arrive first is the congestion window.
Lines window_after_a_probe(Lab::Script disturb) {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    co_await env.clock.sleep_until(at(seconds(3) + microseconds(150)));
    for (int round = 0; round < 2; ++round) {
      const std::string got = co_await conformance::read(&stream);
      in->diary.note(env, std::to_string(got.size() - 2));
      co_await env.clock.sleep_for(microseconds(200));
    }
  });
  lab.run(lab.client, disturb);
  lab.run_for(seconds(10));
  return lab.diary.lines();
}

Task<void> writes_ten_later(Env& env, Stream* stream) {
  co_await env.clock.sleep_until(at(seconds(2)));
  co_await write(stream, "y");
  co_await env.clock.sleep_until(at(seconds(3)));
  for (int count = 0; count < 10; ++count) co_await write(stream, "z");
  co_await env.clock.sleep_for(seconds(5));
}

TEST_CASE("a probe that repairs a loss shrinks the congestion window") {
  CHECK(window_after_a_probe([](Env& env, Lab* in) -> Task<void> {
          Stream stream = co_await connect_or_throw(env, in->at_server());
          co_await env.clock.sleep_until(at(seconds(1)));
          in->world.cut(in->client, in->server);
          co_await write(&stream, "x");
          in->world.mend(in->client, in->server);
          co_await writes_ten_later(env, &stream);
        }) == Lines{"3.00015s 9", "3.00035s 3"});
}

TEST_CASE("a probe of what had arrived already shrinks nothing") {
  CHECK(window_after_a_probe([](Env& env, Lab* in) -> Task<void> {
          Stream stream = co_await connect_or_throw(env, in->at_server());
          co_await env.clock.sleep_until(at(seconds(1)));
          in->world.add_delay(in->server, in->client, milliseconds(300));
          co_await write(&stream, "x");
          co_await env.clock.sleep_for(milliseconds(10));
          in->world.remove_delay(in->server, in->client, milliseconds(300));
          co_await writes_ten_later(env, &stream);
          co_await write(&stream, "!");
        }) == Lines{"3.00015s 12", "8.0001s 1"});
}

}  // namespace
}  // namespace piccolo::test
