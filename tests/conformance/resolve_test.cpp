// Names and literals.

#include <algorithm>
#include <iostream>

#include "talk.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

Task<void> resolves_localhost(Env& env) {
  const auto found = co_await env.network.resolve("localhost", 4711);
  CHECK(outcome(found) == "ok");
  if (!found) co_return;
  CHECK(!found->empty());
  CHECK(std::find(found->begin(), found->end(), loopback(4711)) != found->end());
  for (const Endpoint& each : *found) {
    CHECK(each.address.is_loopback());
    CHECK(each.port == 4711);
  }
}

CONFORMANCE("localhost is the loopback, with the port that was asked for") {
  run(backend, [](Env& env) { return resolves_localhost(env); });
}

Task<void> resolves_literals(Env& env) {
  for (const char* const literal : {"127.0.0.1", "::1", "10.1.2.3", "2001:db8::5"}) {
    const auto found = co_await env.network.resolve(literal, 80);
    CHECK(outcome(found) == "ok");
    if (!found) co_return;
    CHECK(*found == std::vector<Endpoint>(1, Endpoint(*Address::parse(literal), 80)));
  }
}

CONFORMANCE("an address resolves to itself") {
  run(backend, [](Env& env) { return resolves_literals(env); });
}

const std::string unknown = "no-such-host.invalid";

Task<void> resolves_nothing(Env& env) {
  const auto found = co_await env.network.resolve(unknown, 80);
  if (outcome(found) == "resolve_again") {
    std::cout << "skipped: no name server answers here\n";
    co_return;
  }
  CHECK(outcome(found) == "host_not_found");
}

CONFORMANCE("a name that does not exist is host_not_found") {
  run(backend, [](Env& env) { return resolves_nothing(env); });
}

}  // namespace
}  // namespace piccolo::conformance
