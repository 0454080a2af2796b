// Datagrams between programs of one machine: what arrives, for whom, and how it is told.

#include "datagram_talk.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

Task<void> sends_both_ways(Env& env) {
  DatagramSocket server = bind_or_throw(env);
  DatagramSocket client = bind_or_throw(env);
  const std::string sent = co_await send_to(&client, "hello", server.local_endpoint());
  CHECK(sent == "ok");
  const Endpoint from = co_await receive_sender(&server);
  CHECK(from == client.local_endpoint());
  const std::string answered = co_await send_to(&server, "hi", from);
  CHECK(answered == "ok");
  const std::string got = co_await receive(&client);
  CHECK(got == "[hi]");
}

CONFORMANCE("a datagram arrives, and tells whom to answer") {
  run(backend, [](Env& env) { return sends_both_ways(env); });
}

Task<void> keeps_boundaries(Env& env) {
  DatagramSocket server = bind_or_throw(env);
  DatagramSocket client = bind_or_throw(env);
  const Endpoint to = server.local_endpoint();
  co_await send_to(&client, "one", to);
  co_await send_to(&client, "", to);
  co_await send_to(&client, "three", to);
  const std::string got = co_await receive_all(env, &server);
  CHECK(got == "[one][][three]");
}

CONFORMANCE("datagrams are neither joined nor cut, and may be empty") {
  run(backend, [](Env& env) { return keeps_boundaries(env); });
}

Task<void> truncates(Env& env) {
  DatagramSocket server = bind_or_throw(env);
  DatagramSocket client = bind_or_throw(env);
  const Endpoint to = server.local_endpoint();
  for (const char* text : {"0123456789", "fits", "gone", "", "next"}) {
    co_await send_to(&client, text, to);
  }
  const std::string cut = co_await receive(&server, 4);
  CHECK(cut == "[0123]...");
  const std::string whole = co_await receive(&server, 4);
  CHECK(whole == "[fits]");
  const std::string nothing = co_await receive(&server, 0);
  CHECK(nothing == "[]...");
  const std::string empty = co_await receive(&server, 0);
  CHECK(empty == "[]");
  const std::string next = co_await receive(&server);
  CHECK(next == "[next]");
}

CONFORMANCE("what does not fit into the buffer is cut off, and told") {
  run(backend, [](Env& env) { return truncates(env); });
}

Task<void> sends_large(Env& env, Address::Family family, std::size_t most) {
  if (!env.network.bind_datagram(loopback(0, family))) co_return;  // no IPv6 here
  DatagramSocket server = bind_or_throw(env, loopback(0, family));
  DatagramSocket client = bind_or_throw(env, loopback(0, family));
  const Endpoint to = server.local_endpoint();
  const std::string sent = co_await send_bytes_to(&client, most, to);
  CHECK(sent == "ok");
  std::vector<std::byte> buffer(70'000);
  const auto got = co_await server.receive_from(buffer);
  REQUIRE(got.has_value());
  CHECK(got->bytes == most);
  CHECK(!got->truncated);
  for (const std::size_t more : {most + 1, std::size_t{65'536}}) {
    const std::string refused = co_await send_bytes_to(&client, more, to);
    CHECK(refused == "message_size");
  }
}

CONFORMANCE("65507 bytes are a datagram over IPv4, one more is message_size") {
  run(backend,
      [](Env& env) { return sends_large(env, Address::Family::v4, datagram_bytes_max_v4); });
}

CONFORMANCE("65527 bytes are a datagram over IPv6, one more is message_size") {
  run(backend,
      [](Env& env) { return sends_large(env, Address::Family::v6, datagram_bytes_max_v6); });
}

Task<void> gives_up(Env& env) {
  DatagramSocket server = bind_or_throw(env);
  DatagramSocket client = bind_or_throw(env);
  std::array<std::byte, 16> buffer{};
  const std::span<std::byte> space(buffer);
  for (int count = 0; count < 3; ++count) {
    const auto none =
        co_await with_timeout(env.clock, std::chrono::milliseconds(20), server.receive_from(space));
    CHECK(outcome(none) == "timed_out");
  }
  co_await send_to(&client, "whole", server.local_endpoint());
  const std::string got = co_await receive(&server);
  CHECK(got == "[whole]");
}

CONFORMANCE("a receive that timed out takes no datagram away") {
  run(backend, [](Env& env) { return gives_up(env); });
}

Task<void> is_destroyed(Env& env) {
  DatagramSocket server = bind_or_throw(env);
  DatagramSocket client = bind_or_throw(env);
  std::string never;
  {
    Scope scope(env.executor);
    scope.spawn(receive_into(&server, &never));
    co_await settle(env);
  }
  std::string canceled;
  Scope scope(env.executor);
  scope.spawn(receive_into(&server, &canceled));
  co_await settle(env);
  scope.cancel();
  co_await scope.join();
  CHECK(never.empty());
  CHECK(canceled == "operation_canceled");
  co_await send_to(&client, "whole", server.local_endpoint());
  const std::string got = co_await receive(&server);
  CHECK(got == "[whole]");
}

CONFORMANCE("a receive that is destroyed or canceled takes no datagram away") {
  run(backend, [](Env& env) { return is_destroyed(env); });
}

Task<void> closes_while_receiving(Env& env) {
  DatagramSocket server = bind_or_throw(env);
  const Endpoint at = server.local_endpoint();
  std::string result;
  Scope scope(env.executor);
  scope.spawn(receive_into(&server, &result));
  co_await settle(env);
  server.close();
  co_await scope.join();
  CHECK(result == "operation_canceled");
  CHECK(outcome(env.network.bind_datagram(at)) == "ok");
}

CONFORMANCE("closing a datagram socket cancels its pending receive, and frees the port") {
  run(backend, [](Env& env) { return closes_while_receiving(env); });
}

Task<void> receives_twice_at_once(Env& env) {
  DatagramSocket server = bind_or_throw(env);
  DatagramSocket client = bind_or_throw(env);
  std::string first;
  Scope scope(env.executor);
  scope.spawn(receive_into(&server, &first));
  co_await settle(env);
  const std::string second = co_await receive(&server);
  CHECK(second == "concurrent_receive");
  co_await send_to(&client, "mine", server.local_endpoint());
  co_await scope.join();
  CHECK(first == "[mine]");
}

CONFORMANCE("a second receive at a time is concurrent_receive, and the first goes on") {
  run(backend, [](Env& env) { return receives_twice_at_once(env); });
}

Task<void> uses_closed_socket(Env& env) {
  DatagramSocket socket = bind_or_throw(env);
  const Endpoint at = socket.local_endpoint();
  socket.close();
  socket.close();
  CHECK(!socket.is_open());
  const std::string got = co_await receive(&socket);
  CHECK(got == "bad_file_descriptor");
  const std::string sent = co_await send_to(&socket, "?", at);
  CHECK(sent == "bad_file_descriptor");
  CHECK(outcome(socket.connect(at)) == "bad_file_descriptor");
}

CONFORMANCE("operations on a closed datagram socket are bad_file_descriptor") {
  run(backend, [](Env& env) { return uses_closed_socket(env); });
}

Task<void> sends_to_nowhere(Env& env) {
  DatagramSocket socket = bind_or_throw(env);
  const std::string unconnected = co_await send(&socket, "?");
  CHECK(unconnected == "destination_address_required");
  const std::string no_port = co_await send_to(&socket, "?", loopback(0));
  CHECK(no_port == "invalid_argument");
  CHECK(outcome(socket.connect(loopback(0))) == "invalid_argument");
  const Endpoint everybody(Address::v4(255, 255, 255, 255), 9);
  const std::string broadcast = co_await send_to(&socket, "?", everybody);
  CHECK(broadcast == "permission_denied");
  CHECK(outcome(socket.connect(everybody)) == "permission_denied");
  const Endpoint elsewhere(Address::v4(198, 51, 100, 7), 9);
  const std::string from_loopback = co_await send_to(&socket, "?", elsewhere);
  CHECK(from_loopback == "invalid_argument");
  CHECK(outcome(socket.connect(elsewhere)) == "invalid_argument");
  const Endpoint other_family = loopback(9, Address::Family::v6);
  const std::string v6 = co_await send_to(&socket, "?", other_family);
  CHECK(v6 == "address_family_not_supported");
  CHECK(outcome(socket.connect(other_family)) == "address_family_not_supported");
  CHECK(socket.remote_endpoint() == std::nullopt);
}

CONFORMANCE("destinations that cannot be are told by name") {
  run(backend, [](Env& env) { return sends_to_nowhere(env); });
}

// Echoes two datagrams to whoever sent them.
Task<void> echoes(Env& env, Endpoint at) {
  DatagramSocket socket = bind_or_throw(env, at);
  std::array<std::byte, 64> buffer{};
  for (int count = 0; count < 2; ++count) {
    const auto got = co_await socket.receive_from(buffer);
    REQUIRE(got.has_value());
    const std::span<const std::byte> bytes = std::span(buffer).first(got->bytes);
    const auto sent = co_await socket.send_to(bytes, got->from);
    CHECK(sent == got->bytes);
  }
}

Task<void> asks(Env& env, Endpoint server) {
  co_await settle(env);
  DatagramSocket socket = bind_or_throw(env, Endpoint(Address::any(Address::Family::v4), 0));
  for (const char* text : {"one", "two"}) {
    co_await send_to(&socket, text, server);
    const std::string got = co_await receive(&socket);
    CHECK(got == "[" + std::string(text) + "]");
  }
}

CONFORMANCE("datagrams travel between programs, on one machine or on two") {
  run_two(backend, [](const Address& address) {
    const Endpoint at(address, 17'071);
    TwoPrograms two;
    two.server = [at](Env& env) { return echoes(env, at); };
    two.client = [at](Env& env) { return asks(env, at); };
    return two;
  });
}

}  // namespace
}  // namespace piccolo::conformance
