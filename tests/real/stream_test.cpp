#include <algorithm>

#include "support.hpp"

namespace piccolo::test {
namespace {

Task<void> read_into(Stream* stream, Result<std::size_t>* result) {
  std::array<std::byte, 8> buffer{};
  *result = 99;
  const auto got = co_await stream->read_some(buffer);
  *result = got;
}

Task<void> write_from(Stream* stream, Result<std::size_t>* result) {
  const std::vector<std::byte> chunk(1 << 16);
  *result = 99;
  const auto taken = co_await stream->write_some(chunk);
  *result = taken;
}

Task<void> echo(Stream* stream) {
  std::vector<std::byte> buffer(5000);
  for (;;) {
    const auto got = co_await stream->read_some(buffer);
    REQUIRE(got);
    if (*got == 0) break;
    const auto written = co_await write_all(*stream, std::span(buffer).first(*got));
    REQUIRE(written);
  }
  REQUIRE(stream->shutdown_send());
}

Task<void> send_all(Stream* stream, std::span<const std::byte> data) {
  const auto written = co_await write_all(*stream, data);
  REQUIRE(written);
  REQUIRE(stream->shutdown_send());
}

Task<void> close_cancels(Env& env) {
  Pair pair = co_await connect_pair(env);
  const std::size_t filled = co_await fill(env, pair.client);
  REQUIRE(filled > 0);
  Result<std::size_t> read;
  Result<std::size_t> written;
  Scope scope(env.executor);
  scope.spawn(read_into(&pair.client, &read));
  scope.spawn(write_from(&pair.client, &written));
  co_await pause(env, 5ms);
  REQUIRE(read == 99);
  REQUIRE(written == 99);
  pair.client.close();
  co_await scope.join();
  REQUIRE(!read);
  REQUIRE(is_canceled(read.error()));
  REQUIRE(!written);
  REQUIRE(is_canceled(written.error()));
}

Task<void> misuse(Env& env) {
  Pair pair = co_await connect_pair(env);
  const std::size_t filled = co_await fill(env, pair.client);
  REQUIRE(filled > 0);
  Result<std::size_t> first_read;
  Result<std::size_t> first_write;
  Scope scope(env.executor);
  scope.spawn(read_into(&pair.client, &first_read));
  scope.spawn(write_from(&pair.client, &first_write));
  co_await pause(env, 5ms);
  std::array<std::byte, 1> buffer{};
  const auto second_read = co_await pair.client.read_some(buffer);
  REQUIRE(second_read.error() == Errc::concurrent_read);
  const auto second_write = co_await pair.client.write_some(buffer);
  REQUIRE(second_write.error() == Errc::concurrent_write);
  co_await require_sends(pair.server, pair.client, "");
  const auto sent = co_await pair.server.write_some(bytes_of("ok"));
  REQUIRE(sent == 2);
  co_await pause(env, 5ms);
  REQUIRE(first_read == 2);  // the first was not disturbed
}

Task<void> closed_handle(Env& env) {
  Pair pair = co_await connect_pair(env);
  pair.client.close();
  std::array<std::byte, 1> buffer{};
  const auto read = co_await pair.client.read_some(buffer);
  REQUIRE(read.error() == std::errc::bad_file_descriptor);
  const auto written = co_await pair.client.write_some(buffer);
  REQUIRE(written.error() == std::errc::bad_file_descriptor);
  REQUIRE(pair.client.shutdown_send().error() == std::errc::bad_file_descriptor);
  const auto end = co_await pair.server.read_some(buffer);
  REQUIRE(end == 0);
}

// More than all buffers hold, so that both directions have to wait again and again.
Task<void> large(Env& env) {
  Pair pair = co_await connect_pair(env);
  std::vector<std::byte> sent(16 << 20);
  Draws draws(7);
  for (std::byte& byte : sent) byte = static_cast<std::byte>(draws.next());
  Scope scope(env.executor);
  scope.spawn(echo(&pair.server));
  scope.spawn(send_all(&pair.client, sent));
  std::vector<std::byte> got(sent.size());
  const auto read = co_await read_exactly(pair.client, got);
  REQUIRE(read);
  const bool same = got == sent;
  REQUIRE(same);
  std::array<std::byte, 1> more{};
  const auto end = co_await pair.client.read_some(more);
  REQUIRE(end == 0);
  co_await scope.join();
}

Task<void> reset(Env& env) {
  Pair pair = co_await connect_pair(env);
  const auto sent = co_await pair.client.write_some(bytes_of("unread"));
  REQUIRE(sent == 6);
  co_await pause(env, 5ms);
  pair.server.close();  // with unread input: a reset
  co_await pause(env, 5ms);
  std::array<std::byte, 1> buffer{};
  const auto read = co_await pair.client.read_some(buffer);
  REQUIRE(read.error() == std::errc::connection_reset);
  const auto written = co_await pair.client.write_some(buffer);
  REQUIRE(written.error() == std::errc::broken_pipe);
}

Task<void> half_close(Env& env) {
  Pair pair = co_await connect_pair(env);
  REQUIRE(pair.client.shutdown_send());
  const auto refused = co_await pair.client.write_some(bytes_of("x"));
  REQUIRE(refused.error() == std::errc::broken_pipe);
  std::array<std::byte, 1> buffer{};
  const auto end = co_await pair.server.read_some(buffer);
  REQUIRE(end == 0);
  co_await require_sends(pair.server, pair.client, "still open this way");
}

Task<void> ends(Env& env) {
  Pair pair = co_await connect_pair(env);
  REQUIRE(pair.client.local_endpoint() == pair.server.remote_endpoint());
  REQUIRE(pair.server.local_endpoint() == pair.client.remote_endpoint());
  const Endpoint before = pair.client.remote_endpoint();
  pair.server.close();
  co_await pause(env, 5ms);
  REQUIRE(pair.client.remote_endpoint() == before);  // known also when the peer is gone
}

}  // namespace

TEST_CASE("closing a stream completes its pending operations") { run_real(close_cancels); }
TEST_CASE("a second read or write at the same time is refused") { run_real(misuse); }
TEST_CASE("a closed stream refuses, its peer reads the end") { run_real(closed_handle); }
TEST_CASE("sixteen mebibytes go out and come back") { run_real(large); }
TEST_CASE("closing with unread input resets the peer") { run_real(reset); }
TEST_CASE("a half-closed stream still receives") { run_real(half_close); }
TEST_CASE("both ends agree who they are") { run_real(ends); }

}  // namespace piccolo::test
