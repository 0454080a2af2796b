// A server that counts what it is sent, a client that counts along, and what must hold of both.

#include <array>

#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "piccolo/sim/run.hpp"
#include "piccolo/sim/simulation.hpp"

using namespace piccolo;
using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t port = 7000;

struct Counts {
  std::uint64_t sent = 0;
  std::uint64_t counted = 0;
  std::uint64_t confirmed = 0;
};

Task<void> serve(Env& env, Stream stream, Counts& counts) {
  std::array<std::byte, 1> token{};
  for (;;) {
    const auto got = co_await read_exactly(stream, token);
    if (!got) co_return;
    ++counts.counted;
    const auto answered = co_await with_timeout(env.clock, 5s, write_all(stream, token));
    if (!answered) co_return;
  }
}

Task<void> server(Env& env, Counts& counts) {
  auto listener = env.network.listen(Endpoint(Address::any(Address::Family::v4), port));
  if (!listener) co_return;  // no descriptor, or the port is taken: a supervisor would try again
  Scope connections(env.executor);
  for (;;) {
    auto stream = co_await listener->accept();
    if (!stream && is_canceled(stream.error())) break;
    if (stream) connections.spawn(serve(env, std::move(*stream), counts));
  }
  co_await connections.join();
}

Task<void> talk(Env& env, Stream stream, Counts& counts) {
  std::array<std::byte, 1> token{};
  for (;;) {
    ++counts.sent;
    const auto sent = co_await with_timeout(env.clock, 5s, write_all(stream, token));
    if (!sent) co_return;
    const auto got = co_await with_timeout(env.clock, 5s, read_exactly(stream, token));
    if (!got) co_return;
    ++counts.confirmed;
    const auto slept = co_await env.clock.sleep_for(100ms);
    if (!slept) co_return;
  }
}

Task<void> client(Env& env, Endpoint target, Counts& counts) {
  for (;;) {
    auto stream = co_await with_timeout(env.clock, 5s, env.network.connect(target));
    if (stream) co_await talk(env, std::move(*stream), counts);
    const auto slept = co_await env.clock.sleep_for(1s);
    if (!slept) co_return;
  }
}

void build(sim::Simulation& sim) {
  auto& counts = sim.keep<Counts>();
  const HostId host = sim.add_host("server");
  sim.add_node(host, "server", [&counts](Env& env) { return server(env, counts); });
  const Endpoint target(sim.world().host_address(host), port);
  for (int number = 1; number <= sim.parameters().count("clients"); ++number) {
    sim.add_client("c" + std::to_string(number),
                   [&counts, target](Env& env) { return client(env, target, counts); });
  }
  sim.always(
      "nothing is invented",
      [&counts] { return counts.confirmed <= counts.counted && counts.counted <= counts.sent; },
      [&counts] {
        return std::to_string(counts.sent) + " sent, " + std::to_string(counts.counted) +
               " counted, " + std::to_string(counts.confirmed) + " confirmed";
      });
  auto& at_heal = sim.keep<std::uint64_t>(0);
  sim.at_heal([&counts, &at_heal] { at_heal = counts.confirmed; });
  sim.eventually("progress", 20s, [&counts, &at_heal] { return counts.confirmed > at_heal; });
  sim.sometimes("a token is lost", [&counts] { return counts.sent > counts.confirmed + 10; });
  sim.counter("tokens confirmed", [&counts] { return counts.confirmed; });
}

}  // namespace

int main(int argc, char** argv) {
  sim::WorldDescription world;
  world.name = "counter";
  world.about = "a server that counts, and clients that count along";
  world.parameters = {sim::Parameter::count("clients", "Clients", 2, 1, 10)};
  world.build = &build;
  // The server gives up when it cannot listen, so nothing may keep it from that.
  world.faults = FaultSet::parse("all,-port-taken,-no-descriptors").value();
  return sim::run(argc, argv, world);
}
