// What only the real network shows of datagrams; what both worlds do is in tests/conformance.

#include "piccolo/core/datagram.hpp"

#include "support.hpp"

namespace piccolo::test {
namespace {

DatagramSocket bound(Env& env, const Endpoint& at = any_port()) {
  auto socket = env.network.bind_datagram(at);
  REQUIRE(socket);
  return std::move(*socket);
}

Task<void> require_arrives(DatagramSocket& from, DatagramSocket& to, std::string text) {
  const auto sent = co_await from.send_to(bytes_of(text), to.local_endpoint());
  REQUIRE(sent == text.size());
  std::vector<std::byte> buffer(text.size());
  const auto got = co_await to.receive_from(buffer);
  REQUIRE(got);
  REQUIRE(got->from == from.local_endpoint());
  REQUIRE(text_of(buffer) == text);
}

Task<void> receive_into(DatagramSocket* socket, std::span<std::byte> buffer,
                        Result<Received>* result, bool* done) {
  auto got = co_await socket->receive_from(buffer);
  *result = std::move(got);
  *done = true;
}

enum class Way { destroyed, canceled };

// A receive is pending, and given up; what then arrives is not lost, nor written into its buffer.
Task<void> forgets_a_receive(Env& env, Way way) {
  DatagramSocket server = bound(env);
  DatagramSocket client = bound(env);
  std::array<std::byte, 8> untouched{};
  Result<Received> result;
  bool done = false;
  {
    Scope scope(env.executor);
    scope.spawn(receive_into(&server, untouched, &result, &done));
    co_await pause(env, 5ms);
    REQUIRE(!done);
    if (way == Way::canceled) {
      scope.cancel();
      co_await scope.join();
      REQUIRE(is_canceled(result.error()));
    }
  }
  REQUIRE(done == (way == Way::canceled));
  const auto sent = co_await client.send_to(bytes_of("late"), server.local_endpoint());
  REQUIRE(sent == 4);
  co_await pause(env, 5ms);  // readable, and nobody receives
  std::array<std::byte, 8> buffer{};
  const auto late = co_await server.receive_from(buffer);
  REQUIRE(late);
  REQUIRE(late->bytes == 4);
  co_await require_arrives(client, server, "later");
  REQUIRE(untouched == std::array<std::byte, 8>());
}

// Waits in epoll, and is woken by the error alone.
Task<void> refused_while_waiting(Env& env) {
  DatagramSocket client = bound(env);
  DatagramSocket gone = bound(env);
  REQUIRE(client.connect(gone.local_endpoint()));
  gone.close();
  std::array<std::byte, 8> buffer{};
  Result<Received> result;
  bool done = false;
  Scope scope(env.executor);
  scope.spawn(receive_into(&client, buffer, &result, &done));
  co_await pause(env, 5ms);
  REQUIRE(!done);
  const auto sent = co_await client.send(bytes_of("?"));
  REQUIRE(sent == 1);
  co_await scope.join();
  REQUIRE(result.error() == std::errc::connection_refused);
}

Task<void> many(Env& env) {
  DatagramSocket server = bound(env);
  DatagramSocket client = bound(env);
  for (int count = 0; count < 2000; ++count) {
    co_await require_arrives(client, server, "ping " + std::to_string(count));
    co_await require_arrives(server, client, "pong " + std::to_string(count));
  }
}

Task<void> small_buffer(Env& env) {
  DatagramOptions options;
  options.receive_buffer_bytes = 4096;
  auto server = env.network.bind_datagram(any_port(), options);
  REQUIRE(server);
  DatagramSocket client = bound(env);
  for (int count = 0; count < 100; ++count) {
    const auto sent = co_await client.send_to(bytes_of("x"), server->local_endpoint());
    REQUIRE(sent == 1);
  }
  std::array<std::byte, 8> buffer{};
  int got = 0;
  for (;; ++got) {
    const auto one = co_await with_timeout(env.clock, 20ms, server->receive_from(buffer));
    if (!one) break;
  }
  REQUIRE(got > 0);
  REQUIRE(got < 50);
}

// A port of UDP is none of TCP, and closing frees it at once.
Task<void> ports(Env& env) {
  const std::size_t before = open_descriptors();
  DatagramSocket socket = bound(env);
  const Endpoint at = socket.local_endpoint();
  auto listener = env.network.listen(at);
  REQUIRE(listener);
  REQUIRE(env.network.bind_datagram(at).error() == std::errc::address_in_use);
  socket.close();
  socket = bound(env, at);
  socket.close();
  listener->close();
  REQUIRE(open_descriptors() == before);
  co_return;
}

}  // namespace

TEST_CASE("a forgotten receive leaves its buffer alone and loses no datagram") {
  for (const Way way : {Way::destroyed, Way::canceled}) {
    run_real([=](Env& env) { return forgets_a_receive(env, way); });
  }
}
TEST_CASE("a waiting receive hears that the port is unreachable") {
  run_real(refused_while_waiting);
}
TEST_CASE("thousands of datagrams come and go") { run_real(many); }
TEST_CASE("a small receive buffer drops what is too much") { run_real(small_buffer); }
TEST_CASE("datagram sockets have ports of their own") { run_real(ports); }

}  // namespace piccolo::test
