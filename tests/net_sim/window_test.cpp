// Windows that shut, and what becomes of those who wait for them to open.

#include <fmt/format.h>

#include <array>

#include "lab.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::read;
using conformance::write;

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
  CHECK(lines[1] == "1.4969s 5904");
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

// Reads at most `most` bytes at a time until there were so many.
Task<std::size_t> drain_some(Stream* stream, std::size_t most) {
  std::vector<std::byte> buffer(most);
  const std::span<std::byte> space(buffer);
  std::size_t total = 0;
  while (total < most) {
    const auto got = co_await stream->read_some(space.first(most - total));
    if (!got || *got == 0) break;
    total += *got;
  }
  co_return total;
}

// Reads everything from `when` on, and notes how much there was and how it ended.
Task<void> reads_from(Env& env, Lab* lab, Duration when) {
  Listener listener = listen_or_throw(env, lab->at_server());
  Stream stream = co_await accept_or_throw(&listener);
  co_await env.clock.sleep_until(at(when));
  std::array<std::byte, 4096> buffer{};
  const std::span<std::byte> space(buffer);
  for (std::size_t total = 0;;) {
    const auto got = co_await stream.read_some(space);
    if (got && *got > 0) {
      total += *got;
      continue;
    }
    const std::string end = got ? "end" : error_name(got.error());
    lab->diary.note(env, fmt::format("{} {}", total, end));
    co_return;
  }
}

Lines closed_sender(Duration reads_when) {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads_from(env, &lab, reads_when); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    const std::string much(100'000, 'x');
    co_await write(&stream, much);
    co_await write(&stream, much);
  });
  lab.finish();
  CHECK(lab.world.live_connections() == 0);
  return lab.diary.lines();
}

TEST_CASE("a closed stream waits for a shut window for some minutes, then its kernel gives up") {
  CHECK(closed_sender(minutes(2)) == Lines{"120.0002s 66984 end"});
  // What had arrived can be read; the rest is gone, and whoever asks for it is told.
  CHECK(closed_sender(minutes(10)) == Lines{"600.0002s 65536 connection_reset"});
}

TEST_CASE("loss right after a window opened again costs one short time-out") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    co_await env.clock.sleep_until(at(minutes(60)));
    // The way back is open: the news of the window arrives, the data that follows does not.
    in->world.cut(in->client, in->server);
    const std::size_t half = co_await drain_some(&stream, 65'536);
    in->world.at(at(minutes(60) + milliseconds(10)),
                 [in] { in->world.mend(in->client, in->server); });
    const std::size_t rest = co_await drain_some(&stream, 1);
    in->diary.note(env, std::to_string(half) + " " + std::to_string(rest));
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await conformance::fill(env, &stream);
    co_await env.clock.sleep_for(minutes(120));
  });
  lab.run_for(minutes(70));
  // 204 ms after the probe, which was lost as well.
  CHECK(lab.diary.lines() == Lines{"3600.2082s 65536 1"});
}

TEST_CASE("a retransmission does not send more than the window takes") {
  WorldOptions options;
  options.tcp.receive_buffer = 100;
  Lab lab(options);
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    co_await env.clock.sleep_until(at(milliseconds(300)));
    std::array<std::byte, 4096> buffer{};
    const std::span<std::byte> space(buffer);
    const auto got = co_await stream.read_some(space);
    in->diary.note(env, got ? std::to_string(*got) : error_name(got.error()));
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    in->world.cut(in->client, in->server);
    const std::string much(1000, 'x');
    co_await write(&stream, much);
    co_await env.clock.sleep_for(milliseconds(10));
    in->world.mend(in->client, in->server);
    co_await env.clock.sleep_for(seconds(1));
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"300ms 100"});
}

}  // namespace
}  // namespace piccolo::test
