// Once a connection is warm, nothing that is done over it takes memory from the heap.

#include "count_allocations.hpp"
#include "piccolo/core/datagram.hpp"
#include "support.hpp"

namespace piccolo::test {
namespace {

constexpr int warm_rounds = 20;
constexpr int counted_rounds = 500;

Task<void> echo(Env& env, Stream* stream, std::size_t buffer_bytes) {
  std::vector<std::byte> buffer(buffer_bytes);
  for (;;) {
    const auto got = co_await with_timeout(env.clock, 10s, stream->read_some(buffer));
    REQUIRE(got);
    if (*got == 0) co_return;
    const auto written = co_await write_all(*stream, std::span(buffer).first(*got));
    REQUIRE(written);
  }
}

Task<void> send(Stream* stream, std::span<const std::byte> message, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    const auto written = co_await write_all(*stream, message);
    REQUIRE(written);
  }
}

Task<void> exchange(Stream* stream, std::span<std::byte> message, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    const auto written = co_await write_all(*stream, message);
    REQUIRE(written);
    const auto read = co_await read_exactly(*stream, message);
    REQUIRE(read);
  }
}

Task<void> ping_pong(Env& env) {
  Pair pair = co_await connect_pair(env);
  Scope scope(env.executor);
  scope.spawn(echo(env, &pair.server, 64));
  std::array<std::byte, 64> message{};
  co_await exchange(&pair.client, message, warm_rounds);
  const std::uint64_t before = allocations();
  co_await exchange(&pair.client, message, counted_rounds);
  REQUIRE(allocations() == before);
  pair.client.close();
  co_await scope.join();
}

Task<void> drain(Stream* stream, std::span<std::byte> buffer, std::size_t bytes) {
  while (bytes > 0) {
    const auto got = co_await stream->read_some(buffer);
    REQUIRE(got);
    REQUIRE(*got > 0);
    bytes -= *got;
  }
}

// Larger pieces than the buffers hold, so that both ends wait for each other all the time.
Task<void> streaming(Env& env) {
  Pair pair = co_await connect_pair(env);
  const std::vector<std::byte> piece(1 << 20);
  std::vector<std::byte> buffer(1 << 16);
  {
    Scope scope(env.executor);
    scope.spawn(send(&pair.client, piece, 16));
    co_await drain(&pair.server, buffer, piece.size() * 16);
    co_await scope.join();
  }
  Scope scope(env.executor);
  scope.spawn(send(&pair.client, piece, 64));
  co_await drain(&pair.server, buffer, piece.size());
  const std::uint64_t before = allocations();
  co_await drain(&pair.server, buffer, piece.size() * 63);
  REQUIRE(allocations() == before);
  co_await scope.join();
}

Task<void> send_and_receive(DatagramSocket* from, DatagramSocket* to, int rounds) {
  std::array<std::byte, 64> message{};
  for (int round = 0; round < rounds; ++round) {
    const auto sent = co_await from->send_to(message, to->local_endpoint());
    REQUIRE(sent);
    const auto got = co_await to->receive_from(message);
    REQUIRE(got);
  }
}

Task<void> datagrams(Env& env) {
  auto from = env.network.bind_datagram(any_port());
  auto to = env.network.bind_datagram(any_port());
  REQUIRE(from);
  REQUIRE(to);
  co_await send_and_receive(&*from, &*to, warm_rounds);
  const std::uint64_t before = allocations();
  co_await send_and_receive(&*from, &*to, counted_rounds);
  REQUIRE(allocations() == before);
}

}  // namespace

TEST_CASE("exchanging messages allocates nothing") { run_real(ping_pong); }
TEST_CASE("streaming allocates nothing") { run_real(streaming); }
TEST_CASE("exchanging datagrams allocates nothing") { run_real(datagrams); }

}  // namespace piccolo::test
