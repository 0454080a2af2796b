#include "echo.hpp"

#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/net_sim/world.hpp"
#include "work/talk.hpp"

namespace piccolo::bench {
namespace {

constexpr std::uint16_t port = 7;

Task<void> serve(Env& env) {
  auto listener = env.network.listen(Endpoint(Address(), port));
  Scope scope(env.executor);
  for (;;) {
    auto stream = co_await listener->accept();
    if (!stream) break;
    scope.spawn(echo(std::move(*stream)));
  }
  co_await scope.join();
}

Task<void> ping(Env& env, Endpoint server, std::uint64_t rounds, std::uint64_t* done) {
  auto stream = co_await env.network.connect(server);
  Message buffer{};
  for (std::uint64_t round = 0; round < rounds && stream; ++round) {
    const auto sent = co_await write_all(*stream, buffer);
    const auto back = co_await read_exactly(*stream, buffer);
    if (!sent || !back) co_return;
    ++*done;
  }
}

Task<void> ping_all(Env& env, Endpoint server, std::uint64_t connections, std::uint64_t rounds,
                    std::uint64_t* done) {
  Scope scope(env.executor);
  for (std::uint64_t count = 0; count < connections; ++count) {
    scope.spawn(ping(env, server, rounds, done));
  }
  co_await scope.join();
}

}  // namespace

std::uint64_t simulated_echo(std::uint64_t connections, std::uint64_t round_trips) {
  std::uint64_t done = 0;
  World world(1, WorldOptions());
  const HostId server = world.add_host("server");
  const HostId client = world.add_host("client");
  const Endpoint at(world.host_address(server), port);
  world.start(world.add_process(server, "server", [](Env& env) { return serve(env); }));
  world.start(world.add_process(client, "client", [&](Env& env) {
    return ping_all(env, at, connections, round_trips / connections, &done);
  }));
  world.run_until(TimePoint(std::chrono::hours(1)));
  return done;
}

}  // namespace piccolo::bench
