// Several loops on one port.

#include <atomic>

#include "support.hpp"

namespace piccolo::test {
namespace {

struct Shared {
  RealWorld* world = nullptr;
  Endpoint at;
  std::atomic<int> accepted = 0;
  std::atomic<int> failed = 0;
  std::atomic<bool> other_ready = false;
};

Task<void> echo_once(Stream stream) {
  std::array<std::byte, 4> buffer{};
  const auto read = co_await read_exactly(stream, buffer);
  if (!read) co_return;
  const auto written = co_await write_all(stream, buffer);
  static_cast<void>(written);
}

Task<void> accept_all(Env& env, Listener listener, Shared* shared) {
  Scope scope(env.executor);
  for (;;) {
    auto stream = co_await listener.accept();
    if (!stream) break;
    ++shared->accepted;
    scope.spawn(echo_once(std::move(*stream)));
  }
  co_await scope.join();
}

Task<void> accept_shared(Env& env, Shared* shared) {
  auto listener = shared->world->share_listener(1, shared->at);
  if (!listener) {
    ++shared->failed;
    co_return;
  }
  shared->other_ready = true;
  co_await accept_all(env, std::move(*listener), shared);
}

Task<void> call(Env& env, Endpoint to, int times) {
  for (int count = 0; count < times; ++count) {
    auto stream = co_await env.network.connect(to);
    REQUIRE(stream);
    std::array<std::byte, 4> buffer{};
    const auto written = co_await write_all(*stream, buffer);
    REQUIRE(written);
    const auto read = co_await read_exactly(*stream, buffer);
    REQUIRE(read);
  }
}

Task<void> wait_ready(Env& env, const Shared* shared) {
  while (!shared->other_ready && shared->failed == 0) co_await pause(env, 1ms);
  REQUIRE(shared->failed == 0);
}

// Loop 0 has the port and does not accept: whatever is accepted, is so by loop 1.
Task<void> other_loop_serves(Env& env, Shared* shared) {
  auto listener = env.network.listen(any_port());
  REQUIRE(listener);
  shared->at = listener->local_endpoint();
  shared->world->start(1, [=](Env& other) { return accept_shared(other, shared); });
  co_await wait_ready(env, shared);
  co_await call(env, shared->at, 20);
  REQUIRE(shared->accepted == 20);
  listener->close();  // loop 1's share keeps the port open
  co_await call(env, shared->at, 20);
  REQUIRE(shared->accepted == 40);
}

Task<void> both_loops_serve(Env& env, Shared* shared) {
  auto listener = env.network.listen(any_port());
  REQUIRE(listener);
  shared->at = listener->local_endpoint();
  shared->world->start(1, [=](Env& other) { return accept_shared(other, shared); });
  Scope server(env.executor);
  server.spawn(accept_all(env, std::move(*listener), shared));
  co_await wait_ready(env, shared);
  Scope callers(env.executor);
  for (int caller = 0; caller < 10; ++caller) callers.spawn(call(env, shared->at, 50));
  co_await callers.join();
  server.cancel();
  co_await server.join();
  REQUIRE(shared->accepted == 500);
}

Task<void> nothing_to_share(Env& env, RealWorld* world) {
  auto listener = env.network.listen(any_port());
  REQUIRE(listener);
  const Endpoint at = listener->local_endpoint();
  REQUIRE(world->share_listener(0, at));
  listener->close();
  REQUIRE(world->share_listener(0, at).error() == std::errc::address_not_available);
  co_return;
}

using Program = Task<void> (*)(Env&, Shared*);

void run_shared(Program program) {
  RealWorld world(quiet(2));
  Shared shared;
  shared.world = &world;
  world.start(0, [&](Env& env) { return program(env, &shared); });
  world.run();
}

}  // namespace

TEST_CASE("a loop serves a port that another loop opened") { run_shared(other_loop_serves); }
TEST_CASE("two loops serve one port together") { run_shared(both_loops_serve); }
TEST_CASE("only open ports can be shared") {
  RealWorld world(quiet());
  world.start(0, [&](Env& env) { return nothing_to_share(env, &world); });
  world.run();
}

}  // namespace piccolo::test
