#include "scale.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <span>
#include <vector>

#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/net_sim/world.hpp"
#include "work/talk.hpp"

namespace piccolo::bench {
namespace {

constexpr std::uint16_t port = 7;

// Until the one neighbour that calls has hung up.
Task<void> serve(Env& env) {
  auto listener = env.network.listen(Endpoint(Address(), port));
  auto stream = co_await listener->accept();
  if (stream) co_await echo(std::move(*stream));
}

Task<void> call(Env& env, Endpoint neighbour, std::uint64_t rounds, Crowd* crowd) {
  auto stream = co_await env.network.connect(neighbour);
  Message buffer{};
  for (std::uint64_t round = 0; round < rounds && stream; ++round) {
    const auto sent = co_await write_all(*stream, buffer);
    const auto back = co_await read_exactly(*stream, buffer);
    if (!sent || !back) co_return;
    crowd->count();
  }
}

Task<void> serve_and_call(Env& env, Endpoint neighbour, std::uint64_t rounds, Crowd* crowd) {
  Scope scope(env.executor);
  scope.spawn(serve(env));
  scope.spawn(call(env, neighbour, rounds, crowd));
  co_await scope.join();
}

Task<void> send_back(DatagramSocket socket, Crowd* crowd) {
  Message buffer{};
  for (;;) {
    const auto got = co_await socket.receive_from(buffer);
    if (!got) co_return;
    crowd->count();
    const auto sent = co_await socket.send_to(buffer, got->from);
    if (!sent) co_return;
  }
}

Task<void> answer(Env& env, Crowd* crowd) {
  auto socket = env.network.bind_datagram(Endpoint(Address(), port));
  co_await send_back(std::move(*socket), crowd);
}

Task<void> serve_balls(Env& env, Endpoint to, std::uint64_t messages, Crowd* crowd) {
  auto socket = env.network.bind_datagram(Endpoint(Address(), 0));
  const Message ball{};
  for (std::uint64_t message = 0; message < messages; ++message) {
    const auto sent = co_await socket->send_to(ball, to);
    if (!sent) co_return;
  }
  co_await send_back(std::move(*socket), crowd);
}

}  // namespace

Crowd::Crowd(std::unique_ptr<World> world) noexcept : world_(std::move(world)) {}
Crowd::~Crowd() = default;

std::uint64_t Crowd::run() {
  world_->run_until(TimePoint(std::chrono::hours(1)));
  return done_ < wanted_ || world_->failure() ? 0 : world_->events();
}

void Crowd::count() {
  if (++done_ == wanted_) world_->interrupt();
}

std::unique_ptr<Crowd> ring_of_hosts(std::uint64_t hosts, std::uint64_t round_trips) {
  auto owner = std::make_unique<World>(1, WorldOptions());
  World& world = *owner;
  auto crowd = std::make_unique<Crowd>(std::move(owner));
  const std::uint64_t rounds = round_trips / hosts;
  crowd->want(rounds * hosts);
  for (std::uint64_t index = 0; index < hosts; ++index) world.add_host(fmt::format("n{}", index));
  for (HostId host = 0; host < hosts; ++host) {
    const auto neighbour = static_cast<HostId>((host + 1) % hosts);
    const Endpoint at(world.host_address(neighbour), port);
    const ProcessId process = world.add_process(
        host, world.host_name(host),
        [at, rounds, to = crowd.get()](Env& env) { return serve_and_call(env, at, rounds, to); });
    world.start(process);
  }
  return crowd;
}

std::unique_ptr<Crowd> messages_in_flight(std::uint64_t messages, std::uint64_t hops) {
  WorldOptions options;
  options.link = LatencyModel{LatencyModel::Shape::uniform, std::chrono::milliseconds(100),
                              std::chrono::milliseconds(100)};
  auto owner = std::make_unique<World>(1, options);
  World& world = *owner;
  auto crowd = std::make_unique<Crowd>(std::move(owner));
  crowd->want(hops);
  const HostId here = world.add_host("here");
  const HostId there = world.add_host("there");
  const Endpoint at(world.host_address(there), port);
  world.start(
      world.add_process(there, "there", [to = crowd.get()](Env& env) { return answer(env, to); }));
  world.start(world.add_process(here, "here", [at, messages, to = crowd.get()](Env& env) {
    return serve_balls(env, at, messages, to);
  }));
  return crowd;
}

}  // namespace piccolo::bench
