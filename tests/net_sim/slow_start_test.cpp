// How a new stream's congestion window grows, in segments.

#include "lab.hpp"
#include "piccolo/core/stream_io.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::write;

TEST_CASE("the congestion window counts segments, however short they are") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    for (const int moment : {150, 350}) {
      co_await env.clock.sleep_until(at(seconds(1) + microseconds(moment)));
      const std::string got = co_await conformance::read(&stream);
      in->diary.note(env, std::to_string(got.size() - 2));
    }
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_until(at(seconds(1)));
    for (int count = 0; count < 12; ++count) co_await write(&stream, "x");
    co_await env.clock.sleep_for(seconds(1));
  });
  lab.run_for(seconds(5));
  // The two that waited for the first acknowledgement make one segment.
  CHECK(lab.diary.lines() == Lines{"1.00015s 10", "1.00035s 2"});
}

Task<void> pours(Env& env, Lab* lab, std::size_t bytes) {
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  const std::string all(bytes, 'x');
  const std::span<const std::byte> span = std::as_bytes(std::span(all));
  co_await write_all(stream, span);
}

// When a server has read what a client writes at once.
Lines pour(const WorldOptions& options, std::size_t bytes) {
  Lab lab(options);
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    const std::size_t all = co_await conformance::drain(&stream);
    in->diary.note(env, std::to_string(all));
  });
  lab.run(lab.client, [&](Env& env) { return pours(env, &lab, bytes); });
  lab.finish();
  return lab.diary.lines();
}

TEST_CASE("slow start ends before it overshoots what the link bears") {
  WorldOptions options;
  options.link.latency.base = milliseconds(10);
  options.link.bandwidth_bytes_per_second = 4'000'000;
  options.link.queue_bytes = 128 * 1024;
  options.tcp.send_buffer = options.tcp.receive_buffer = 1024 * 1024;
  // 1.036 s at the least, with the headers; doubling until the queue overflows would cost 0.2 s
  // more.
  CHECK(pour(options, 4'000'000) == Lines{"1.101264s 4000000"});
}

TEST_CASE("until a loss has shown the limit the window grows by a twentieth in each round trip") {
  WorldOptions options;
  options.link.latency.base = milliseconds(100);
  options.link.bandwidth_bytes_per_second = 4'000'000;
  options.tcp.send_buffer = options.tcp.receive_buffer = 4 * 1024 * 1024;
  // HyStart finds half of what the way holds, 268 segments: from there on by 13, 14 ... each.
  CHECK(pour(options, 8'000'000) == Lines{"4.112267s 8000000"});
}

// How many segments can be read after each round trip, when the first of `count` was lost.
Task<void> counts_rounds(Env& env, Lab* lab) {
  Listener listener = listen_or_throw(env, lab->at_server());
  Stream stream = co_await accept_or_throw(&listener);
  std::vector<std::byte> buffer(1024 * 1024);
  const std::span<std::byte> space(buffer);
  std::string rounds;
  for (int round = 0; round < 12; ++round) {
    co_await env.clock.sleep_until(at(seconds(1) + milliseconds(35 + 20 * round)));
    const auto got = co_await stream.read_some(space);
    rounds += " " + std::to_string(got.value_or(0) / 1448);
  }
  lab->diary.note(env, rounds);
}

TEST_CASE(
    "after a loss the window grows by half a segment in each round trip, looked at at times") {
  WorldOptions options;
  options.link.latency.base = milliseconds(10);
  options.tcp.send_buffer = options.tcp.receive_buffer = 1024 * 1024;
  options.tcp.ack_delay = Duration(0);  // so that the last segment of a round belongs to it
  Lab lab(options);
  lab.run(lab.server, [&](Env& env) { return counts_rounds(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_until(at(seconds(1)));
    in->world.cut(in->client, in->server);
    const std::string piece(1448, 'x');
    co_await write(&stream, piece);
    in->world.mend(in->client, in->server);
    const std::string more(200 * piece.size(), 'x');
    co_await write(&stream, more);
    co_await env.clock.sleep_for(seconds(1));
  });
  lab.finish();
  // Seven of ten are left, and one more is due for each 13, later 17, that are acknowledged; but
  // that is looked at every 31.25 ms, which is every other round, and there they lack one at first.
  CHECK(lab.diary.lines() == Lines{"1.255s  16 7 7 7 7 9 9 9 9 11 11 12"});
}

}  // namespace
}  // namespace piccolo::test
