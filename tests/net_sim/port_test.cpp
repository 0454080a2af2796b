// Local ports of outgoing connections.

#include <set>

#include "lab.hpp"

namespace piccolo::test {
namespace {

using conformance::connect_or_throw;

// Connects `count` times, notes the ports, and then what one more attempt gives.
Task<void> uses_ports(Env& env, Lab* lab, int count, std::vector<std::uint16_t>* ports) {
  std::vector<Stream> streams;
  for (int number = 0; number < count; ++number) {
    Stream stream = co_await connect_or_throw(env, lab->at_server());
    ports->push_back(stream.local_endpoint().port);
    streams.push_back(std::move(stream));
  }
  const auto one_more = co_await env.network.connect(lab->at_server());
  lab->diary.note(env, outcome(one_more));
  const auto elsewhere = co_await env.network.connect(lab->at_server(81));
  lab->diary.note(env, outcome(elsewhere));
}

std::vector<std::uint16_t> some_ports(std::uint64_t seed, int count) {
  Lab lab(WorldOptions(), seed);
  std::vector<std::uint16_t> ports;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return uses_ports(env, &lab, count, &ports); });
  lab.run_for(seconds(1));
  return ports;
}

TEST_CASE("ephemeral ports are drawn at random, from Linux's range, by the seed") {
  const auto ports = some_ports(1, 100);
  CHECK(ports == some_ports(1, 100));
  CHECK(ports != some_ports(2, 100));
  REQUIRE(ports.size() == 100);
  int neighbours = 0;
  for (std::size_t index = 0; index < ports.size(); ++index) {
    CHECK(ports[index] >= 32768);
    CHECK(ports[index] <= 60999);
    if (index > 0 && ports[index] == ports[index - 1] + 1) ++neighbours;
  }
  CHECK(neighbours < 5);
}

TEST_CASE("every port is used once, then there are none for this destination, but for others") {
  constexpr int all = 60999 - 32768 + 1;
  Lab lab;
  std::vector<std::uint16_t> ports;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return uses_ports(env, &lab, all, &ports); });
  lab.run_for(minutes(1));
  CHECK(std::set<std::uint16_t>(ports.begin(), ports.end()).size() == all);
  // A port is bound to its pair of endpoints, not taken for everybody.
  CHECK(lab.diary.lines() == Lines{"5.6464s address_not_available", "5.6466s connection_refused"});
}

TEST_CASE("a port in TIME_WAIT comes back after a minute") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    constexpr int all = 60999 - 32768 + 1;
    for (int number = 0; number < all; ++number) {
      co_await connect_or_throw(env, in->at_server());
    }
    const auto too_early = co_await env.network.connect(in->at_server());
    in->diary.note(env, outcome(too_early));
    co_await env.clock.sleep_for(seconds(60));
    const auto later = co_await env.network.connect(in->at_server());
    in->diary.note(env, outcome(later));
  });
  lab.run_for(minutes(3));
  CHECK(lab.diary.lines() == Lines{"5.6464s address_not_available", "65.6466s ok"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("a listener on an ephemeral port is never chosen as a local port") {
  Lab lab;
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    std::vector<Listener> listeners;
    // All but one of the range: what connecting draws can only be that.
    for (int number = 0; number < 60999 - 32768; ++number) {
      const Endpoint any(Address::any(Address::Family::v4),
                         static_cast<std::uint16_t>(32768 + number));
      listeners.push_back(conformance::listen_or_throw(env, any));
    }
    Stream stream = co_await connect_or_throw(env, conformance::loopback(40'000));
    in->diary.note(env, std::to_string(stream.local_endpoint().port));
    const Endpoint same(Address::loopback(Address::Family::v4), 40'001);
    const auto other = co_await env.network.connect(same);
    in->diary.note(env, outcome(other));
    const auto third = co_await env.network.connect(same);
    in->diary.note(env, outcome(third));
  });
  lab.run_for(minutes(3));
  CHECK(lab.diary.lines() == Lines{"20us 60999", "40us ok", "40us address_not_available"});
}

TEST_CASE("port 0 finds no port once all of the range are listened on") {
  Lab lab;
  lab.world.set_ephemeral_ports(lab.client, PortRange{40'000, 40'002});
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    const Endpoint any(Address::any(Address::Family::v4), 0);
    std::vector<Listener> listeners;
    for (int number = 0; number < 3; ++number) {
      listeners.push_back(conformance::listen_or_throw(env, any));
    }
    in->diary.note(env, outcome(env.network.listen(any)));
    const std::uint16_t freed = listeners.back().local_endpoint().port;
    listeners.pop_back();
    const auto again = env.network.listen(any);
    in->diary.note(env, again && again->local_endpoint().port == freed ? "the same" : "another");
    co_return;
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"0s address_in_use", "0s the same"});
}

TEST_CASE("a range of one port is used once") {
  Lab lab;
  std::vector<std::uint16_t> ports;
  lab.world.set_ephemeral_ports(lab.client, PortRange{40'000, 40'000});
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return uses_ports(env, &lab, 1, &ports); });
  lab.run_for(minutes(1));
  CHECK(ports == std::vector<std::uint16_t>{40'000});
  CHECK(lab.diary.lines() == Lines{"200us address_not_available", "400us connection_refused"});
}

// Linux would connect the socket to itself; the environments make that a refusal, both of them.
TEST_CASE("connecting to the port that one is given oneself meets nobody") {
  Lab lab;
  lab.world.set_ephemeral_ports(lab.client, PortRange{40'000, 40'000});
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    const Endpoint itself(Address::loopback(Address::Family::v4), 40'000);
    const auto stream = co_await env.network.connect(itself);
    in->diary.note(env, outcome(stream));
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"20us connection_refused"});
}

}  // namespace
}  // namespace piccolo::test
