// Bytes: echo, a lot of them, back-pressure, and that each arrives once and in order.

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "piccolo/core/random.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "talk.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

// What is at `offset` of a stream that `key` names: so that each end can check alone.
std::byte pattern(std::uint64_t key, std::uint64_t offset) {
  return static_cast<std::byte>(mix64(key + offset / 8) >> (offset % 8 * 8));
}

Task<void> send_pattern(Stream* stream, std::uint64_t key, std::uint64_t bytes) {
  std::vector<std::byte> buffer(50'000);
  for (std::uint64_t sent = 0; sent < bytes;) {
    const auto length = std::min<std::uint64_t>(buffer.size(), bytes - sent);
    for (std::uint64_t at = 0; at < length; ++at) buffer[at] = pattern(key, sent + at);
    const std::span<const std::byte> piece = std::span(buffer).first(length);
    const auto done = co_await write_all(*stream, piece);
    CHECK(outcome(done) == "ok");
    if (!done) co_return;
    sent += length;
  }
  CHECK(outcome(stream->shutdown_send()) == "ok");
}

Task<void> expect_pattern(Stream* stream, std::uint64_t key, std::uint64_t bytes) {
  std::vector<std::byte> buffer(70'000);
  const std::span<std::byte> space(buffer);
  std::uint64_t got = 0;
  std::uint64_t wrong = 0;
  for (;;) {
    const auto length = co_await stream->read_some(space);
    CHECK(outcome(length) == "ok");
    if (!length || *length == 0) break;
    for (std::uint64_t at = 0; at < *length; ++at) {
      if (buffer[at] != pattern(key, got + at)) ++wrong;
    }
    got += *length;
  }
  CHECK(got == bytes);
  CHECK(wrong == 0);
}

// How two programs find each other: out of band.
struct Meeting {
  Address address;
  std::optional<Endpoint> server;
};

Task<Endpoint> where_the_server_is(Env& env, const Meeting* meeting) {
  while (!meeting->server) co_await env.clock.sleep_for(std::chrono::milliseconds(1));
  co_return *meeting->server;
}

Task<void> both_ways(Env& env, Stream stream, std::uint64_t sends, std::uint64_t expects) {
  constexpr std::uint64_t bytes = 8 * 1024 * 1024;
  Scope scope(env.executor);
  scope.spawn(send_pattern(&stream, sends, bytes));
  scope.spawn(expect_pattern(&stream, expects, bytes));
  co_await scope.join();
}

Task<void> transfer_server(Env& env, std::shared_ptr<Meeting> meeting) {
  Listener listener = listen_or_throw(env, Endpoint(meeting->address, 0));
  meeting->server = listener.local_endpoint();
  Stream stream = co_await accept_or_throw(&listener);
  co_await both_ways(env, std::move(stream), 1, 2);
}

Task<void> transfer_client(Env& env, std::shared_ptr<Meeting> meeting) {
  const Endpoint server = co_await where_the_server_is(env, meeting.get());
  Stream stream = co_await connect_or_throw(env, server);
  co_await both_ways(env, std::move(stream), 2, 1);
}

CONFORMANCE("8 MiB each way at once arrive intact") {
  run_two(backend, [](const Address& address) {
    const auto meeting = std::make_shared<Meeting>(Meeting{address, std::nullopt});
    return TwoPrograms{[meeting](Env& env) { return transfer_server(env, meeting); },
                       [meeting](Env& env) { return transfer_client(env, meeting); }};
  });
}

Task<void> echo_server(Env& env, std::shared_ptr<Meeting> meeting) {
  Listener listener = listen_or_throw(env, Endpoint(meeting->address, 0));
  meeting->server = listener.local_endpoint();
  Stream stream = co_await accept_or_throw(&listener);
  std::array<std::byte, 7> buffer{};
  const std::span<std::byte> space(buffer);
  for (;;) {
    const auto got = co_await stream.read_some(space);
    CHECK(outcome(got) == "ok");
    if (!got || *got == 0) co_return;
    const std::span<const std::byte> piece = space.first(*got);
    const auto sent = co_await write_all(stream, piece);
    CHECK(outcome(sent) == "ok");
  }
}

Task<void> echo_client(Env& env, std::shared_ptr<Meeting> meeting) {
  const Endpoint server = co_await where_the_server_is(env, meeting.get());
  Stream stream = co_await connect_or_throw(env, server);
  const std::string_view text = "to and fro";
  std::array<std::byte, 10> buffer{};
  const std::span<std::byte> space(buffer);
  for (int count = 0; count < 100; ++count) {
    co_await write(&stream, text);
    const auto read = co_await read_exactly(stream, space);
    CHECK(outcome(read) == "ok");
    CHECK(std::equal(space.begin(), space.end(), std::as_bytes(std::span(text)).begin()));
  }
  CHECK(outcome(stream.shutdown_send()) == "ok");
  const std::string end = co_await read(&stream);
  CHECK(end == "end");
}

CONFORMANCE("an echo comes back, a hundred times, through a buffer that does not fit it") {
  run_two(backend, [](const Address& address) {
    const auto meeting = std::make_shared<Meeting>(Meeting{address, std::nullopt});
    return TwoPrograms{[meeting](Env& env) { return echo_server(env, meeting); },
                       [meeting](Env& env) { return echo_client(env, meeting); }};
  });
}

Task<void> fills_and_drains(Env& env) {
  Pair pair = co_await connected_pair(env);
  const std::size_t sent = co_await fill(env, &pair.client);
  CHECK(sent > 0);
  CHECK(sent < 64 * 1024 * 1024);
  Scope scope(env.executor);
  std::string pending;
  scope.spawn(write_into(&pair.client, "the last", &pending));
  co_await settle(env);
  CHECK(pending.empty());
  std::vector<std::byte> buffer(sent);
  const std::span<std::byte> space(buffer);
  const auto all = co_await read_exactly(pair.server, space);
  CHECK(outcome(all) == "ok");
  co_await scope.join();
  CHECK(pending == "8");
  const std::string last = co_await read(&pair.server);
  CHECK(last == "[the last]");
}

CONFORMANCE("a peer that does not read stops the writer, and everything arrives when it does") {
  run(backend, [](Env& env) { return fills_and_drains(env); });
}

Task<void> writes_much_before_any_read(Env& env) {
  Pair pair = co_await connected_pair(env);
  std::string all;
  for (int count = 0; count < 1000; ++count) {
    const std::string word = "message " + std::to_string(count) + ";";
    const std::string sent = co_await write(&pair.client, word);
    CHECK(sent == std::to_string(word.size()));
    all += word;
  }
  pair.client.close();
  const std::string got = co_await read_all(&pair.server);
  CHECK((got == all + "|end"));
}

CONFORMANCE("a thousand small writes before any read do not block, and arrive in order") {
  run(backend, [](Env& env) { return writes_much_before_any_read(env); });
}

Task<void> writes_more_than_fits(Env& env) {
  Pair pair = co_await connected_pair(env);
  const std::vector<std::byte> huge(32 * 1024 * 1024, std::byte{'h'});
  const std::span<const std::byte> bytes(huge);
  const auto taken = co_await pair.client.write_some(bytes);
  CHECK(outcome(taken) == "ok");
  CHECK(*taken > 0);
  CHECK(*taken < huge.size());
  pair.client.close();
  const std::size_t got = co_await drain(&pair.server);
  CHECK(got == *taken);
}

CONFORMANCE("a write of more than fits takes a part of it") {
  run(backend, [](Env& env) { return writes_more_than_fits(env); });
}

Task<void> moves_nothing(Env& env) {
  Pair pair = co_await connected_pair(env);
  const std::span<std::byte> no_space;
  const std::span<const std::byte> no_bytes;
  const auto read_nothing = co_await pair.client.read_some(no_space);
  CHECK((read_nothing && *read_nothing == 0));
  const auto wrote_nothing = co_await pair.client.write_some(no_bytes);
  CHECK((wrote_nothing && *wrote_nothing == 0));
  co_await write(&pair.client, "something");
  const std::string got = co_await read(&pair.server);
  CHECK(got == "[something]");
}

CONFORMANCE("reading and writing zero bytes gives 0 at once and changes nothing") {
  run(backend, [](Env& env) { return moves_nothing(env); });
}

Task<void> reads_in_pieces(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await write(&pair.client, "abc");
  co_await write(&pair.client, "def");
  co_await settle(env);
  std::array<std::byte, 2> buffer{};
  const std::span<std::byte> space(buffer);
  const auto two = co_await pair.server.read_some(space);
  CHECK((two && *two == 2));
  // A stream has no borders: what arrived in two segments is read as one.
  const std::string rest = co_await read(&pair.server);
  CHECK(rest == "[cdef]");
}

CONFORMANCE("a stream keeps no borders between writes") {
  run(backend, [](Env& env) { return reads_in_pieces(env); });
}

}  // namespace
}  // namespace piccolo::conformance
