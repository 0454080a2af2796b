// What comes together with the last bytes is not missed: after a read that took all there was, the
// next one waits without trying, so whatever came before it must be known by then.

#include "support.hpp"

namespace piccolo::test {
namespace {

enum class End { closed, reset };
enum class Reader { waits, comes_late };

Task<Result<std::size_t>> read_within(Env& env, Stream* stream, std::span<std::byte> buffer) {
  const auto got = co_await with_timeout(env.clock, 5s, stream->read_some(buffer));
  co_return got;
}

Task<void> read_to_the_end(Env& env, Stream* stream, End end, std::size_t buffer_bytes) {
  std::vector<std::byte> buffer(buffer_bytes);
  std::size_t total = 0;
  for (;;) {
    const auto got = co_await read_within(env, stream, buffer);
    if (!got) {
      REQUIRE(got.error() == std::errc::connection_reset);
      REQUIRE(end == End::reset);
      break;
    }
    total += *got;
    if (*got > 0) continue;
    REQUIRE(end == End::closed);
    break;
  }
  REQUIRE(total == 6);
}

// The peer writes six bytes and goes, so that the kernel has both before anybody asks.
Task<void> last_word(Env& env, End end, Reader reader, std::size_t buffer_bytes) {
  Pair pair = co_await connect_pair(env);
  if (end == End::reset) {
    const auto unread = co_await pair.server.write_some(bytes_of("never read"));
    REQUIRE(unread);
    co_await pause(env, 5ms);
  }
  Scope scope(env.executor);
  if (reader == Reader::waits) {
    scope.spawn(read_to_the_end(env, &pair.server, end, buffer_bytes));
    co_await pause(env, 5ms);
  }
  const auto written = co_await pair.client.write_some(bytes_of("byebye"));
  REQUIRE(written == 6);
  pair.client.close();
  if (reader == Reader::comes_late) {
    co_await pause(env, 5ms);
    scope.spawn(read_to_the_end(env, &pair.server, end, buffer_bytes));
  }
  co_await scope.join();
}

// Each is read as soon as it is there, and the next comes while nobody reads.
Task<void> one_at_a_time(Env& env) {
  Pair pair = co_await connect_pair(env);
  std::array<std::byte, 64> buffer{};
  for (int round = 0; round < 100; ++round) {
    const auto written = co_await pair.client.write_some(bytes_of("word"));
    REQUIRE(written == 4);
    if (round % 3 == 0) co_await pause(env, 1ms);
    const auto got = co_await read_within(env, &pair.server, buffer);
    REQUIRE(got == 4);
  }
  REQUIRE(pair.client.shutdown_send());
  const auto end = co_await read_within(env, &pair.server, buffer);
  REQUIRE(end == 0);
  const auto again = co_await read_within(env, &pair.server, buffer);
  REQUIRE(again == 0);
}

void run_last_word(End end) {
  for (const Reader reader : {Reader::waits, Reader::comes_late}) {
    for (const std::size_t buffer_bytes : {1U, 3U, 6U, 64U}) {
      run_real([=](Env& env) { return last_word(env, end, reader, buffer_bytes); });
    }
  }
}

}  // namespace

TEST_CASE("an end that comes with the last bytes is read") { run_last_word(End::closed); }
TEST_CASE("a reset that comes with the last bytes is read") { run_last_word(End::reset); }
TEST_CASE("words are read one at a time and the end after them") { run_real(one_at_a_time); }

}  // namespace piccolo::test
