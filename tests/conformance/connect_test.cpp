// Connecting: refusal, the endpoints of both ends, IPv6.

#include <iostream>

#include "piccolo/core/stream_io.hpp"
#include "talk.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

constexpr Address::Family v4 = Address::Family::v4;
constexpr Address::Family v6 = Address::Family::v6;

Endpoint free_endpoint(Env& env) { return listen_or_throw(env, loopback(0)).local_endpoint(); }

Task<void> is_refused(Env& env) {
  const auto stream = co_await env.network.connect(free_endpoint(env));
  CHECK(outcome(stream) == "connection_refused");
}

CONFORMANCE("connecting to a port on which nobody listens is connection_refused") {
  run(backend, [](Env& env) { return is_refused(env); });
}

Task<void> never_meets_itself(Env& env) {
  const Endpoint nobody = free_endpoint(env);
  for (int count = 0; count < 2000; ++count) {
    const auto stream = co_await env.network.connect(nobody);
    if (outcome(stream) != "connection_refused") FAIL(outcome(stream));
  }
}

CONFORMANCE("a socket never connects to itself, whatever local port it draws") {
  run(backend, [](Env& env) { return never_meets_itself(env); });
}

Task<void> mirrors(Env& env) {
  Listener listener = listen_or_throw(env, loopback(0));
  const Stream client = co_await connect_or_throw(env, listener.local_endpoint());
  const Stream server = co_await accept_or_throw(&listener);
  CHECK(client.remote_endpoint() == listener.local_endpoint());
  CHECK(server.local_endpoint() == listener.local_endpoint());
  CHECK(client.local_endpoint() == server.remote_endpoint());
  CHECK(client.local_endpoint().address == Address::loopback(v4));
  CHECK(client.local_endpoint().port >= 1024);
}

CONFORMANCE("both ends tell the same two endpoints, mirrored") {
  run(backend, [](Env& env) { return mirrors(env); });
}

Task<void> reaches_any(Env& env, Address::Family family) {
  Listener listener = listen_or_throw(env, loopback(0, family));
  const Endpoint at = listener.local_endpoint();
  const Stream client = co_await connect_or_throw(env, Endpoint(Address::any(family), at.port));
  CHECK(client.remote_endpoint() == at);
  const Stream server = co_await accept_or_throw(&listener);
  CHECK(server.remote_endpoint() == client.local_endpoint());
}

CONFORMANCE("connecting to 0.0.0.0 reaches the loopback") {
  run(backend, [](Env& env) { return reaches_any(env, v4); });
}

CONFORMANCE("connecting to another address of the loopback comes from 127.0.0.1") {
  run(backend, [](Env& env) -> Task<void> {
    Listener listener = listen_or_throw(env, Endpoint(Address::any(v4), 0));
    const Endpoint to(Address::v4(127, 3, 2, 1), listener.local_endpoint().port);
    const Stream client = co_await connect_or_throw(env, to);
    const Stream server = co_await accept_or_throw(&listener);
    CHECK(server.local_endpoint() == to);
    CHECK(server.remote_endpoint().address == Address::loopback(v4));
  });
}

Task<void> meets_over_v6(Env& env, Address listens_at, Address connects_to, Address seen) {
  const auto listener = env.network.listen(Endpoint(listens_at, 0));
  if (!listener) {
    std::cout << "skipped: this machine has no IPv6 (" << outcome(listener) << ")\n";
    co_return;
  }
  Listener waiting = listen_or_throw(env, Endpoint(listens_at, 0));
  const Endpoint to(connects_to, waiting.local_endpoint().port);
  Stream client = co_await connect_or_throw(env, to);
  Stream server = co_await accept_or_throw(&waiting);
  CHECK(client.remote_endpoint() == Endpoint(seen, to.port));
  CHECK(client.local_endpoint().address == seen);
  CHECK(server.local_endpoint() == Endpoint(seen, to.port));
  CHECK(server.remote_endpoint() == client.local_endpoint());
  const std::string sent = co_await write(&client, "six");
  CHECK(sent == "3");
  const std::string got = co_await read(&server);
  CHECK(got == "[six]");
}

CONFORMANCE("IPv6 works over the loopback") {
  run(backend, [](Env& env) {
    return meets_over_v6(env, Address::loopback(v6), Address::loopback(v6), Address::loopback(v6));
  });
}

Task<void> misses_by_family(Env& env, Address listens_at, Address connects_to) {
  const auto listener = env.network.listen(Endpoint(listens_at, 0));
  const auto other = env.network.listen(Endpoint(connects_to, 0));
  if (!listener || !other) {
    std::cout << "skipped: this machine has no IPv6\n";
    co_return;
  }
  const Endpoint to(connects_to, listener->local_endpoint().port);
  const auto stream = co_await env.network.connect(to);
  CHECK(outcome(stream) == "connection_refused");
}

CONFORMANCE("a listener of one family of addresses is not reached by the other") {
  run(backend,
      [](Env& env) { return misses_by_family(env, Address::loopback(v4), Address::loopback(v6)); });
  run(backend,
      [](Env& env) { return misses_by_family(env, Address::any(v4), Address::loopback(v6)); });
  run(backend,
      [](Env& env) { return misses_by_family(env, Address::loopback(v6), Address::loopback(v4)); });
}

CONFORMANCE("connecting to :: reaches the loopback") {
  run(backend, [](Env& env) {
    return meets_over_v6(env, Address::loopback(v6), Address::any(v6), Address::loopback(v6));
  });
}

CONFORMANCE("an IPv4 client of an IPv6 wildcard is seen by its IPv4 address") {
  run(backend, [](Env& env) {
    return meets_over_v6(env, Address::any(v6), Address::loopback(v4), Address::loopback(v4));
  });
}

CONFORMANCE("an IPv4 address spelled in IPv6 is that IPv4 address") {
  run(backend, [](Env& env) {
    const auto mapped = Address::parse("::ffff:127.0.0.1");
    return meets_over_v6(env, Address::loopback(v4), *mapped, Address::loopback(v4));
  });
}

Task<void> is_unreachable(Env& env, Address to) {
  const auto stream = co_await env.network.connect(Endpoint(to, 9));
  CHECK(outcome(stream) == "network_unreachable");
}

CONFORMANCE("broadcast and multicast addresses take no stream: network_unreachable") {
  run(backend, [](Env& env) { return is_unreachable(env, Address::v4(255, 255, 255, 255)); });
  run(backend, [](Env& env) { return is_unreachable(env, Address::v4(224, 0, 0, 1)); });
}

}  // namespace
}  // namespace piccolo::conformance
