// CPU time per simulated 64-byte echo round trip over the whole TCP model, trace hash included.

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>

#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/net_sim/world.hpp"

namespace piccolo {
namespace {

constexpr std::uint16_t port = 7;
constexpr std::size_t message_bytes = 64;

Task<void> echo(Stream stream) {
  std::array<std::byte, message_bytes> buffer{};
  for (;;) {
    const auto got = co_await stream.read_some(buffer);
    if (!got || *got == 0) co_return;
    const auto sent = co_await write_all(stream, std::span(buffer).first(*got));
    if (!sent) co_return;
  }
}

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
  std::array<std::byte, message_bytes> buffer{};
  for (std::uint64_t round = 0; round < rounds && stream; ++round) {
    const auto sent = co_await write_all(*stream, buffer);
    const auto back = co_await read_exactly(*stream, buffer);
    if (!sent || !back) co_return;
    ++*done;
  }
}

Task<void> ping_all(Env& env, Endpoint server, std::int64_t connections, std::uint64_t rounds,
                    std::uint64_t* done) {
  Scope scope(env.executor);
  for (std::int64_t count = 0; count < connections; ++count) {
    scope.spawn(ping(env, server, rounds, done));
  }
  co_await scope.join();
}

void simulated_echo(benchmark::State& state) {
  const std::int64_t connections = state.range(0);
  const std::uint64_t rounds = 100'000 / static_cast<std::uint64_t>(connections);
  std::uint64_t done = 0;
  for (auto _ : state) {
    World world(1, WorldOptions());
    const HostId server = world.add_host("server");
    const HostId client = world.add_host("client");
    const Endpoint at(world.host_address(server), port);
    world.start(world.add_process(server, "server", [](Env& env) { return serve(env); }));
    world.start(world.add_process(
        client, "client", [&](Env& env) { return ping_all(env, at, connections, rounds, &done); }));
    world.run_until(TimePoint(std::chrono::hours(1)));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(done));
  state.counters["cpu_per_round_trip"] = benchmark::Counter(
      static_cast<double>(done), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(simulated_echo)->Arg(1)->Arg(64)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace piccolo
