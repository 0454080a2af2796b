// Ports and peers of datagram sockets: who is bound where, who hears whom, who is told that a port
// is deserted.

#include <algorithm>

#include "datagram_talk.hpp"
#include "piccolo/core/scope.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

constexpr Address::Family v4 = Address::Family::v4;
constexpr Address::Family v6 = Address::Family::v6;

bool has_v6(Env& env) { return env.network.bind_datagram(loopback(0, v6)).has_value(); }

// What a second socket is told, while the first is bound to the same port.
std::string second(Env& env, const Address& first, const Address& then) {
  const DatagramSocket socket = bind_or_throw(env, Endpoint(first, 0));
  return outcome(env.network.bind_datagram(Endpoint(then, socket.local_endpoint().port)));
}

CONFORMANCE("a taken datagram port is address_in_use, for a wildcard and for its addresses") {
  run(backend, [](Env& env) -> Task<void> {
    const Address one = Address::loopback(v4);
    const Address all = Address::any(v4);
    CHECK(second(env, one, one) == "address_in_use");
    CHECK(second(env, all, all) == "address_in_use");
    CHECK(second(env, one, all) == "address_in_use");
    CHECK(second(env, all, one) == "address_in_use");
    CHECK(second(env, one, Address::v4(127, 0, 0, 2)) == "ok");
    if (!has_v6(env)) co_return;
    CHECK(second(env, Address::any(v6), all) == "address_in_use");
    CHECK(second(env, all, Address::any(v6)) == "address_in_use");
    CHECK(second(env, Address::any(v6), one) == "address_in_use");
    CHECK(second(env, one, Address::any(v6)) == "address_in_use");
    CHECK(second(env, one, Address::loopback(v6)) == "ok");
    CHECK(second(env, all, Address::loopback(v6)) == "ok");
    CHECK(second(env, Address::loopback(v6), all) == "ok");
  });
}

CONFORMANCE("a datagram socket and a listener do not take the port from each other") {
  run(backend, [](Env& env) -> Task<void> {
    const Listener listener = listen_or_throw(env, loopback(0));
    const DatagramSocket socket = bind_or_throw(env, listener.local_endpoint());
    CHECK(socket.local_endpoint() == listener.local_endpoint());
    co_return;
  });
}

CONFORMANCE("datagram port 0 takes a free one, another one each time") {
  run(backend, [](Env& env) -> Task<void> {
    std::vector<DatagramSocket> sockets;
    std::vector<std::uint16_t> ports;
    for (int count = 0; count < 20; ++count) {
      sockets.push_back(bind_or_throw(env));
      const std::uint16_t port = sockets.back().local_endpoint().port;
      CHECK(port >= 1024);
      CHECK(std::find(ports.begin(), ports.end(), port) == ports.end());
      ports.push_back(port);
    }
    co_return;
  });
}

CONFORMANCE("a datagram socket cannot have another machine's address") {
  run(backend, [](Env& env) -> Task<void> {
    const Endpoint foreign(Address::v4(198, 51, 100, 7), 0);
    CHECK(outcome(env.network.bind_datagram(foreign)) == "address_not_available");
    co_return;
  });
}

Task<void> reaches_its_address(Env& env) {
  DatagramSocket first = bind_or_throw(env);
  const std::uint16_t port = first.local_endpoint().port;
  DatagramSocket second = bind_or_throw(env, Endpoint(Address::v4(127, 0, 0, 2), port));
  DatagramSocket client = bind_or_throw(env);
  co_await send_to(&client, "second", second.local_endpoint());
  co_await send_to(&client, "first", first.local_endpoint());
  const std::string to_first = co_await receive_all(env, &first);
  CHECK(to_first == "[first]");
  const std::string to_second = co_await receive_all(env, &second);
  CHECK(to_second == "[second]");
}

CONFORMANCE("a datagram reaches the socket of its address") {
  run(backend, [](Env& env) { return reaches_its_address(env); });
}

Task<void> takes_both_families(Env& env) {
  if (!has_v6(env)) co_return;
  DatagramSocket server = bind_or_throw(env, Endpoint(Address::any(v6), 0));
  const std::uint16_t port = server.local_endpoint().port;
  for (const auto family : {v4, v6}) {
    DatagramSocket client = bind_or_throw(env, loopback(0, family));
    co_await send_to(&client, "?", loopback(port, family));
    const Endpoint from = co_await receive_sender(&server);
    CHECK(from == client.local_endpoint());
    const std::string answered = co_await send_to(&server, "!", from);
    CHECK(answered == "ok");
    const Endpoint back = co_await receive_sender(&client);
    CHECK(back == loopback(port, family));
  }
  DatagramSocket specific = bind_or_throw(env, loopback(0, v6));
  const std::string across = co_await send_to(&specific, "?", loopback(port));
  CHECK(across == "network_unreachable");
  CHECK(outcome(specific.connect(loopback(port))) == "network_unreachable");
}

CONFORMANCE("a datagram socket on the IPv6 wildcard talks IPv4 as well") {
  run(backend, [](Env& env) { return takes_both_families(env); });
}

Task<void> fixes_its_address(Env& env) {
  const DatagramSocket peer = bind_or_throw(env);
  for (const auto family : {v4, v6}) {
    if (family == v6 && !has_v6(env)) continue;
    DatagramSocket socket = bind_or_throw(env, Endpoint(Address::any(family), 0));
    const std::uint16_t port = socket.local_endpoint().port;
    CHECK(socket.local_endpoint().address == Address::any(family));
    CHECK(socket.remote_endpoint() == std::nullopt);
    CHECK(socket.connect(peer.local_endpoint()));
    CHECK(socket.local_endpoint() == loopback(port));
    CHECK(socket.remote_endpoint() == peer.local_endpoint());
    const Endpoint next_door(Address::v4(127, 0, 0, 2), port);
    CHECK(outcome(env.network.bind_datagram(next_door)) == "ok");
    CHECK(outcome(env.network.bind_datagram(loopback(port))) == "address_in_use");
  }
  DatagramSocket socket = bind_or_throw(env);
  CHECK(socket.connect(Endpoint(Address::any(v4), 9)));
  CHECK(socket.remote_endpoint() == loopback(9));
  co_return;
}

CONFORMANCE("connecting settles the local address of a wildcard, and 0.0.0.0 is this machine") {
  run(backend, [](Env& env) { return fixes_its_address(env); });
}

Task<void> filters(Env& env) {
  DatagramSocket server = bind_or_throw(env);
  DatagramSocket friendly = bind_or_throw(env);
  DatagramSocket stranger = bind_or_throw(env);
  const Endpoint to = server.local_endpoint();
  co_await send_to(&stranger, "early", to);
  co_await settle(env);
  CHECK(server.connect(friendly.local_endpoint()));
  co_await send_to(&stranger, "late", to);
  co_await send_to(&friendly, "welcome", to);
  const std::string got = co_await receive_all(env, &server);
  CHECK(got == "[early][welcome]");
  // It may still send elsewhere, and be connected to somebody else.
  co_await send_to(&server, "aside", stranger.local_endpoint());
  co_await send(&server, "peer");
  CHECK(server.connect(stranger.local_endpoint()));
  co_await send(&server, "new peer");
  const std::string strange = co_await receive_all(env, &stranger);
  CHECK(strange == "[aside][new peer]");
  const std::string friends = co_await receive_all(env, &friendly);
  CHECK(friends == "[peer]");
}

CONFORMANCE("a connected datagram socket hears its peer alone, and what waited before") {
  run(backend, [](Env& env) { return filters(env); });
}

Task<void> is_refused(Env& env) {
  DatagramSocket socket = bind_or_throw(env);
  CHECK(socket.connect(deserted(env)));
  for (int count = 0; count < 2; ++count) {
    const std::string first = co_await send(&socket, "?");
    CHECK(first == "ok");
    co_await settle(env);
    const std::string told = co_await send(&socket, "!");
    CHECK(told == "connection_refused");
  }
  const std::string again = co_await send(&socket, "?");
  CHECK(again == "ok");
  const std::string heard = co_await receive(&socket);
  CHECK(heard == "connection_refused");
  const std::string once = co_await receive_all(env, &socket);
  CHECK(once.empty());
}

CONFORMANCE("a connected datagram socket is told once per send that the port is deserted") {
  run(backend, [](Env& env) { return is_refused(env); });
}

Task<void> is_refused_while_waiting(Env& env) {
  Peers peers = connected_peers(env);
  std::string result;
  Scope scope(env.executor);
  scope.spawn(receive_into(&peers.one, &result));
  co_await send(&peers.two, "last words");
  co_await scope.join();
  CHECK(result == "[last words]");
  co_await send(&peers.two, "waiting");
  peers.two.close();
  scope.spawn(receive_into(&peers.one, &result));
  co_await scope.join();
  CHECK(result == "[waiting]");
  Scope again(env.executor);
  again.spawn(receive_into(&peers.one, &result));
  co_await settle(env);
  co_await send(&peers.one, "?");
  co_await again.join();
  CHECK(result == "connection_refused");
}

CONFORMANCE("a pending receive hears that the peer is gone") {
  run(backend, [](Env& env) { return is_refused_while_waiting(env); });
}

Task<void> prefers_the_error(Env& env) {
  Peers peers = connected_peers(env);
  co_await send(&peers.two, "queued");
  co_await settle(env);
  peers.two.close();
  co_await send(&peers.one, "?");
  const std::string got = co_await receive_all(env, &peers.one);
  CHECK(got == "connection_refused[queued]");
}

CONFORMANCE("that a port is deserted is told before what waits in the buffer") {
  run(backend, [](Env& env) { return prefers_the_error(env); });
}

Task<void> is_not_told(Env& env) {
  DatagramSocket socket = bind_or_throw(env);
  const DatagramSocket peer = bind_or_throw(env);
  const Endpoint nobody = deserted(env);
  for (int count = 0; count < 3; ++count) {
    const std::string sent = co_await send_to(&socket, "?", nobody);
    CHECK(sent == "ok");
    co_await settle(env);
  }
  // Nor is it about another than the peer.
  CHECK(socket.connect(peer.local_endpoint()));
  co_await send_to(&socket, "?", nobody);
  const std::string got = co_await receive_all(env, &socket);
  CHECK(got.empty());
}

CONFORMANCE("only the connected peer's deserted port is told") {
  run(backend, [](Env& env) { return is_not_told(env); });
}

Task<void> is_a_stranger(Env& env) {
  Peers peers = connected_peers(env);
  DatagramSocket stranger = bind_or_throw(env);
  CHECK(stranger.connect(peers.one.local_endpoint()));
  co_await send(&stranger, "?");
  const std::string told = co_await receive(&stranger);
  CHECK(told == "connection_refused");
}

CONFORMANCE("a port connected to another peer is a deserted one") {
  run(backend, [](Env& env) { return is_a_stranger(env); });
}

}  // namespace
}  // namespace piccolo::conformance
