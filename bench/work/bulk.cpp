#include "bulk.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/net_sim/world.hpp"

namespace piccolo::bench {
namespace {

constexpr std::uint16_t port = 7;
constexpr std::size_t piece = 65536;

Task<void> sink(Env& env, std::uint64_t* arrived) {
  auto listener = env.network.listen(Endpoint(Address(), port));
  auto stream = co_await listener->accept();
  std::vector<std::byte> buffer(piece);
  for (;;) {
    const auto got = co_await stream->read_some(buffer);
    if (!got || *got == 0) co_return;
    *arrived += *got;
  }
}

Task<void> source(Env& env, Endpoint to, std::uint64_t bytes) {
  auto stream = co_await env.network.connect(to);
  const std::vector<std::byte> data(piece, std::byte{42});
  while (bytes > 0) {
    const std::size_t length = std::min<std::uint64_t>(piece, bytes);
    const auto sent = co_await write_all(*stream, std::span(data).first(length));
    if (!sent) co_return;
    bytes -= length;
  }
}

}  // namespace

std::uint64_t simulated_bulk(std::uint64_t bytes) {
  std::uint64_t arrived = 0;
  World world(1, WorldOptions());
  const HostId server = world.add_host("server");
  const HostId client = world.add_host("client");
  const Endpoint at(world.host_address(server), port);
  world.start(world.add_process(server, "server", [&](Env& env) { return sink(env, &arrived); }));
  world.start(
      world.add_process(client, "client", [&](Env& env) { return source(env, at, bytes); }));
  world.run_until_idle();
  return arrived;
}

std::uint64_t bare_bulk(std::uint64_t bytes) {
  const std::vector<std::byte> data(piece, std::byte{42});
  std::vector<std::byte> kept(piece);
  std::vector<std::byte> buffer(piece);
  std::uint64_t copied = 0;
  while (copied < bytes) {
    std::copy(data.begin(), data.end(), kept.begin());
    asm volatile("" : : "r"(kept.data()) : "memory");
    std::copy(kept.begin(), kept.end(), buffer.begin());
    asm volatile("" : : "r"(buffer.data()) : "memory");
    copied += piece;
  }
  return copied;
}

}  // namespace piccolo::bench
