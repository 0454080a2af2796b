// Binding: which ports are taken, and for whom.

#include <algorithm>
#include <iostream>

#include "talk.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

constexpr Address::Family v4 = Address::Family::v4;
constexpr Address::Family v6 = Address::Family::v6;

// What a second listener is told, while the first listens on the same port.
std::string second(Env& env, const Address& first, const Address& then) {
  Listener listener = listen_or_throw(env, Endpoint(first, 0));
  const Endpoint wanted(then, listener.local_endpoint().port);
  return outcome(env.network.listen(wanted));
}

bool has_v6(Env& env) { return env.network.listen(loopback(0, v6)).has_value(); }

CONFORMANCE("a taken port is address_in_use") {
  run(backend, [](Env& env) -> Task<void> {
    CHECK(second(env, Address::loopback(v4), Address::loopback(v4)) == "address_in_use");
    CHECK(second(env, Address::any(v4), Address::any(v4)) == "address_in_use");
    co_return;
  });
}

CONFORMANCE("a wildcard and a specific address take the port from each other") {
  run(backend, [](Env& env) -> Task<void> {
    CHECK(second(env, Address::loopback(v4), Address::any(v4)) == "address_in_use");
    CHECK(second(env, Address::any(v4), Address::loopback(v4)) == "address_in_use");
    co_return;
  });
}

// Listens again where the server has closed a connection first, which so is in TIME_WAIT.
Task<void> listens_after_closing_first(Env& env, bool reuse, std::string* result) {
  Listener listener = listen_or_throw(env, loopback(0));
  const Endpoint at = listener.local_endpoint();
  Stream client = co_await connect_or_throw(env, at);
  Stream server = co_await accept_or_throw(&listener);
  server.close();
  listener.close();
  co_await read(&client);
  client.close();
  co_await settle(env);
  ListenOptions options;
  options.reuse_address = reuse;
  *result = outcome(env.network.listen(at, options));
}

CONFORMANCE("TIME_WAIT does not take the port from a listener that reuses addresses") {
  run(backend, [](Env& env) -> Task<void> {
    std::string result;
    co_await listens_after_closing_first(env, true, &result);
    CHECK(result == "ok");
  });
}

CONFORMANCE("TIME_WAIT takes the port from a listener that does not reuse addresses") {
  run(backend, [](Env& env) -> Task<void> {
    std::string result;
    co_await listens_after_closing_first(env, false, &result);
    CHECK(result == "address_in_use");
  });
}

CONFORMANCE("two specific addresses share a port number") {
  run(backend, [](Env& env) -> Task<void> {
    CHECK(second(env, Address::loopback(v4), Address::v4(127, 0, 0, 2)) == "ok");
    co_return;
  });
}

CONFORMANCE("the IPv6 wildcard takes the port from IPv4 as well, and the other way round") {
  run(backend, [](Env& env) -> Task<void> {
    if (!has_v6(env)) {
      std::cout << "skipped: this machine has no IPv6\n";
      co_return;
    }
    CHECK(second(env, Address::any(v6), Address::any(v4)) == "address_in_use");
    CHECK(second(env, Address::any(v4), Address::any(v6)) == "address_in_use");
    CHECK(second(env, Address::any(v6), Address::loopback(v4)) == "address_in_use");
    CHECK(second(env, Address::loopback(v4), Address::any(v6)) == "address_in_use");
    CHECK(second(env, Address::loopback(v4), Address::loopback(v6)) == "ok");
    CHECK(second(env, Address::any(v4), Address::loopback(v6)) == "ok");
    CHECK(second(env, Address::loopback(v6), Address::any(v4)) == "ok");
  });
}

CONFORMANCE("an address of another machine is address_not_available") {
  run(backend, [](Env& env) -> Task<void> {
    const Endpoint foreign(Address::v4(198, 51, 100, 7), 0);
    CHECK(outcome(env.network.listen(foreign)) == "address_not_available");
    co_return;
  });
}

CONFORMANCE("port 0 takes a free port of the ephemeral range, another one each time") {
  run(backend, [](Env& env) -> Task<void> {
    std::vector<Listener> listeners;
    std::vector<std::uint16_t> ports;
    for (int count = 0; count < 20; ++count) {
      listeners.push_back(listen_or_throw(env, loopback(0)));
      const std::uint16_t port = listeners.back().local_endpoint().port;
      CHECK(port >= 1024);
      CHECK(std::find(ports.begin(), ports.end(), port) == ports.end());
      ports.push_back(port);
    }
    co_return;
  });
}

CONFORMANCE("a listener tells the address it was bound to") {
  run(backend, [](Env& env) -> Task<void> {
    const Listener specific = listen_or_throw(env, loopback(0));
    CHECK(specific.local_endpoint().address == Address::loopback(v4));
    const Listener wildcard = listen_or_throw(env, Endpoint(Address::any(v4), 0));
    CHECK(wildcard.local_endpoint().address == Address::any(v4));
    co_return;
  });
}

Task<void> listens_again(Env& env) {
  Listener listener = listen_or_throw(env, loopback(0));
  const Endpoint at = listener.local_endpoint();
  Stream client = co_await connect_or_throw(env, at);
  Stream server = co_await accept_or_throw(&listener);
  listener.close();
  CHECK(outcome(env.network.listen(at)) == "ok");
  // The end that closes first stays in TIME_WAIT, which is on the listener's port, too.
  server.close();
  const std::string last = co_await read(&client);
  CHECK(last == "end");
  client.close();
  co_await settle(env);
  CHECK(outcome(env.network.listen(at)) == "ok");
}

CONFORMANCE("a port is free again once its listener is closed, whatever became of its streams") {
  run(backend, [](Env& env) { return listens_again(env); });
}

Task<void> listens_on_a_client_port(Env& env) {
  const Pair pair = co_await connected_pair(env);
  const Endpoint used = pair.client.local_endpoint();
  CHECK(outcome(env.network.listen(used)) == "address_in_use");
  CHECK(outcome(env.network.listen(Endpoint(Address::any(v4), used.port))) == "address_in_use");
  CHECK(outcome(env.network.listen(Endpoint(Address::v4(127, 0, 0, 2), used.port))) == "ok");
}

CONFORMANCE("the local port of an outgoing stream is taken") {
  run(backend, [](Env& env) { return listens_on_a_client_port(env); });
}

Task<void> reaches_the_specific_one(Env& env) {
  Listener first = listen_or_throw(env, loopback(0));
  const std::uint16_t port = first.local_endpoint().port;
  Listener second = listen_or_throw(env, Endpoint(Address::v4(127, 0, 0, 2), port));
  const Stream client = co_await connect_or_throw(env, second.local_endpoint());
  const Stream server = co_await accept_or_throw(&second);
  CHECK(server.local_endpoint() == second.local_endpoint());
  CHECK(client.remote_endpoint() == second.local_endpoint());
}

CONFORMANCE("a connection reaches the listener of its address") {
  run(backend, [](Env& env) { return reaches_the_specific_one(env); });
}

CONFORMANCE("local_addresses holds the loopback") {
  run(backend, [](Env& env) -> Task<void> {
    const auto addresses = env.network.local_addresses();
    REQUIRE(addresses.has_value());
    const auto loopback = Address::loopback(v4);
    CHECK(std::find(addresses->begin(), addresses->end(), loopback) != addresses->end());
    co_return;
  });
}

}  // namespace
}  // namespace piccolo::conformance
