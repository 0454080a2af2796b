// Ours: the program that also runs simulated, as bench/sim/echo.cpp does.

#include <stdexcept>
#include <vector>

#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/net_real/real_world.hpp"
#include "servers.hpp"

namespace piccolo::bench {
namespace {

Task<void> echo(Stream stream, std::size_t buffer_bytes) {
  std::vector<std::byte> buffer(buffer_bytes);
  for (;;) {
    const auto got = co_await stream.read_some(buffer);
    if (!got || *got == 0) co_return;
    const auto sent = co_await write_all(stream, std::span(buffer).first(*got));
    if (!sent) co_return;
  }
}

Task<void> accept_all(Env& env, Listener listener, std::size_t buffer_bytes) {
  Scope scope(env.executor);
  for (;;) {
    auto stream = co_await listener.accept();
    if (!stream) break;
    scope.spawn(echo(std::move(*stream), buffer_bytes));
  }
  co_await scope.join();
}

}  // namespace

void serve_piccolo(std::size_t buffer_bytes, unsigned threads) {
  RealOptions options;
  options.threads = threads;
  options.log_level = LogLevel::error;
  RealWorld world(options);
  ListenOptions listen;
  listen.backlog = backlog;
  const Endpoint any(Address::loopback(Address::Family::v4), 0);
  auto first = world.env(0).network.listen(any, listen);
  if (!first) throw std::runtime_error("cannot listen");
  const Endpoint at = first->local_endpoint();
  for (unsigned loop = 1; loop < threads; ++loop) {
    world.start(loop, [&world, at, loop, buffer_bytes](Env& env) {
      return accept_all(env, *world.share_listener(loop, at), buffer_bytes);
    });
  }
  world.start(0, [&](Env& env) { return accept_all(env, std::move(*first), buffer_bytes); });
  announce(at.port);
  world.run();
}

}  // namespace piccolo::bench
