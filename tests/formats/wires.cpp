// A program with a world that has of everything on its wires: for tests of captures.

#include <array>
#include <vector>

#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "piccolo/sim/run.hpp"
#include "piccolo/sim/simulation.hpp"

using namespace piccolo;
using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t port = 7777;  // of no protocol that Wireshark knows
constexpr std::uint16_t nobody = 9;

std::vector<std::byte> pattern(std::size_t bytes) {
  std::vector<std::byte> data(bytes);
  for (std::size_t at = 0; at < bytes; ++at) data[at] = static_cast<std::byte>(at * 7 + at / 251);
  return data;
}

// Reads until the end, after a while in which the window shuts, and answers with a part of it.
Task<void> serve(Env& env, Stream stream) {
  const auto slept = co_await env.clock.sleep_for(700ms);
  if (!slept) co_return;
  std::vector<std::byte> buffer(20'000);
  for (;;) {
    const auto got = co_await stream.read_some(buffer);
    if (!got || *got == 0) break;
  }
  const auto answered = co_await with_timeout(env.clock, 20s, write_all(stream, buffer));
  if (answered) static_cast<void>(stream.shutdown_send());
}

Task<void> streams(Env& env) {
  auto listener = env.network.listen(Endpoint(Address::any(Address::Family::v6), port));
  if (!listener) co_return;
  Scope connections(env.executor);
  for (;;) {
    auto stream = co_await listener->accept();
    if (!stream && is_canceled(stream.error())) break;
    if (stream) connections.spawn(serve(env, std::move(*stream)));
  }
  co_await connections.join();
}

Task<void> datagrams(Env& env) {
  auto socket = env.network.bind_datagram(Endpoint(Address::any(Address::Family::v6), port));
  if (!socket) co_return;
  std::vector<std::byte> buffer(datagram_bytes_max_v6);
  for (;;) {
    const auto got = co_await socket->receive_from(buffer);
    if (!got) co_return;
  }
}

Task<void> send_many(Env& env, Endpoint target) {
  auto socket = env.network.bind_datagram(Endpoint(Address::any(target.address.family()), 0));
  if (!socket) co_return;
  const Endpoint closed(target.address, nobody);
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{9}, std::size_t{1471},
                                  std::size_t{5000}, std::size_t{40'001}}) {
    const auto data = pattern(bytes);
    const auto sent = co_await socket->send_to(data, target);
    const auto refused = co_await socket->send_to(data, closed);
    if (!sent || !refused) co_return;
    const auto slept = co_await env.clock.sleep_for(50ms);
    if (!slept) co_return;
  }
}

Task<void> refused(Env& env, Endpoint target) {
  const Endpoint closed(target.address, nobody);
  const auto stream = co_await with_timeout(env.clock, 3s, env.network.connect(closed));
  if (stream) env.log.warn("somebody listens where nobody should");
}

// More than both ends can hold, then the answer.
Task<void> transfer(Env& env, Endpoint target) {
  auto stream = co_await with_timeout(env.clock, 5s, env.network.connect(target));
  if (!stream) co_return;
  static_cast<void>(stream->set_keep_alive(KeepAlive{true, 2s, 1s, 5}));
  const auto data = pattern(300'000);
  const auto sent = co_await with_timeout(env.clock, 20s, write_all(*stream, data));
  if (!sent) co_return;
  static_cast<void>(stream->shutdown_send());
  std::vector<std::byte> buffer(7000);
  const auto got = co_await with_timeout(env.clock, 5s, read_exactly(*stream, buffer));
  if (!got) co_return;
  const auto slept = co_await env.clock.sleep_for(4s);
  if (!slept) co_return;  // the rest is unread: closing resets
}

Task<void> client(Env& env, Endpoint target) {
  for (;;) {
    co_await refused(env, target);
    co_await send_many(env, target);
    co_await transfer(env, target);
    const auto slept = co_await env.clock.sleep_for(300ms);
    if (!slept) co_return;
  }
}

void build(sim::Simulation& sim) {
  const HostId host = sim.add_host("server");
  sim.add_node(host, "streams", &streams);
  sim.add_node(host, "datagrams", &datagrams);
  const auto add = [&sim](const char* name, const Endpoint& target) {
    sim.add_client(name, [target](Env& env) { return client(env, target); });
  };
  World& world = sim.world();
  const Endpoint own(Address::loopback(Address::Family::v4), port);
  sim.add_node(host, "neighbour", [own](Env& env) { return client(env, own); });
  add("four", Endpoint(world.host_address(host), port));
  add("six", Endpoint(world.host_address(host, Address::Family::v6), port));
}

}  // namespace

int main(int argc, char** argv) {
  sim::WorldDescription world;
  world.name = "wires";
  world.about = "streams and datagrams of all kinds";
  world.build = &build;
  world.duration = 10s;
  world.faults =
      FaultSet::parse("loss,duplicate,reorder,delay,hold,partition,hup,power-loss").value();
  return sim::run(argc, argv, world);
}
