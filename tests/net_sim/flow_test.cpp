// Throughput and back-pressure, with exact times.

#include "lab.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::read;
using conformance::write;

TEST_CASE("an echo at 100 us one way takes 200 us, every time") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    for (int count = 0; count < 3; ++count) {
      co_await write(&stream, "ping");
      const std::string got = co_await read(&stream);
      in->diary.note(env, got);
    }
  });
  lab.run_for(minutes(2));
  CHECK(lab.diary.lines() == Lines{"400us [ping]", "600us [ping]", "800us [ping]"});
  CHECK(lab.world.live_connections() == 0);
}

Task<void> sends_words(Stream* stream, int words) {
  const std::string word(64, 'w');
  for (int count = 0; count < words; ++count) {
    const std::string taken = co_await write(stream, word);
    if (taken != "64") throw std::runtime_error(taken);
  }
}

Lines thousand_words(std::uint32_t initial_window_segments) {
  WorldOptions options;
  options.link.latency.base = milliseconds(1);
  options.tcp.initial_window_segments = initial_window_segments;
  Lab lab(options);
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    in->diary.note(env, "connected");
    Scope scope(env.executor);
    scope.spawn(sends_words(&stream, 1000));
    std::vector<std::byte> all(64'000);
    const std::span<std::byte> space(all);
    const auto done = co_await read_exactly(stream, space);
    co_await scope.join();
    in->diary.note(env, outcome(done));
  });
  lab.run_for(minutes(2));
  return lab.diary.lines();
}

TEST_CASE("a thousand small messages at 1 ms one way are all under way at once") {
  CHECK(thousand_words(0) == Lines{"2ms connected", "4ms ok"});
}

TEST_CASE("a new stream doubles what is under way with each round trip, from ten segments on") {
  // Ten words, then 20 full segments, 28,960 bytes, and the rest.
  CHECK(thousand_words(10) == Lines{"2ms connected", "8ms ok"});
}

TEST_CASE("throughput is a window in each round trip") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    const std::size_t all = co_await conformance::drain(&stream);
    in->diary.note(env, std::to_string(all));
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    const std::string all(std::size_t{64} * 1024 * 100, 'x');
    const std::span<const std::byte> bytes = std::as_bytes(std::span(all));
    const auto sent = co_await write_all(stream, bytes);
    in->diary.note(env, outcome(sent));
  });
  lab.finish();
  const Lines& lines = lab.diary.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "20.4ms ok");
  CHECK(lines[1] == "20.5ms 6553600");
}

TEST_CASE("a peer that never reads costs two buffers of memory, not more") {
  WorldOptions options;
  options.tcp.send_buffer = 10'000;
  options.tcp.receive_buffer = 30'000;
  Lab lab(options);
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    const std::size_t taken = co_await conformance::fill(env, &stream);
    in->diary.note(env, std::to_string(taken));
  });
  lab.run_for(seconds(1));
  REQUIRE(lab.diary.lines().size() == 1);
  CHECK(lab.diary.lines()[0].ends_with(" 40000"));
}

TEST_CASE("the smallest buffers carry a stream both ways") {
  for (const std::uint32_t size : {1U, 2U, 3U}) {
    WorldOptions options;
    options.tcp.send_buffer = size;
    options.tcp.receive_buffer = size;
    options.tcp.segment_bytes_max = size;
    Lab lab(options);
    lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
    lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
      Stream stream = co_await connect_or_throw(env, in->at_server());
      Scope scope(env.executor);
      scope.spawn(sends_words(&stream, 0));
      for (int count = 0; count < 500; ++count) {
        co_await write(&stream, "x");
        const std::string got = co_await read(&stream);
        CHECK(got == "[x]");
      }
      co_await scope.join();
      stream.close();
      in->diary.note(env, "done");
    });
    lab.run_for(minutes(2));
    CHECK(lab.diary.lines() == Lines{"100.2ms done"});
    CHECK(lab.world.live_connections() == 0);
  }
}

Task<void> sends_bytes(Stream* stream, std::size_t length) {
  const std::string all(length, 'b');
  const std::span<const std::byte> bytes = std::as_bytes(std::span(all));
  const auto sent = co_await write_all(*stream, bytes);
  if (!sent) throw std::runtime_error(error_name(sent.error()));
}

// True when all comes back in that time, with buffers of so many bytes.
bool comes_back(const TcpOptions& tcp, Duration within) {
  WorldOptions options;
  options.tcp = tcp;
  Lab lab(options);
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    Scope scope(env.executor);
    scope.spawn(sends_bytes(&stream, 4000));
    std::vector<std::byte> back(4000);
    const std::span<std::byte> space(back);
    const auto done = co_await read_exactly(stream, space);
    co_await scope.join();
    in->diary.note(env, outcome(done));
  });
  lab.run_for(within);
  return lab.diary.lines().size() == 1 && lab.diary.lines()[0].ends_with(" ok");
}

TEST_CASE("unequal buffers, in any combination, never stall a stream") {
  for (const std::uint32_t send : {1U, 7U, 3000U}) {
    for (const std::uint32_t receive : {1U, 2U, 1447U, 1448U, 5000U}) {
      for (const std::uint32_t segment : {1U, 100U, 1448U}) {
        TcpOptions tcp;
        tcp.send_buffer = send;
        tcp.receive_buffer = receive;
        tcp.segment_bytes_max = segment;
        INFO(send << " " << receive << " " << segment);
        // Who waits for an acknowledgement before it answers gets it after 40 ms.
        CHECK(comes_back(tcp, seconds(200)));
        tcp.ack_delay = Duration(0);
        // Enough for a byte in each round trip; not for retransmissions or probes, of 200 ms each.
        CHECK(comes_back(tcp, seconds(2)));
      }
    }
  }
}

}  // namespace
}  // namespace piccolo::test
