#include "tasks.hpp"

#include <fmt/format.h>

#include "piccolo/core/scope.hpp"
#include "piccolo/core/yield.hpp"
#include "piccolo/net_sim/world.hpp"

namespace piccolo::bench {
namespace {

constexpr Duration nap = std::chrono::milliseconds(1);

Task<void> doze(Env& env, std::uint64_t fiber, std::uint64_t times, std::uint64_t* done) {
  Draws draws = env.random.stream("nap", fiber);
  for (std::uint64_t time = 0; time < times; ++time) {
    const auto slept = co_await env.clock.sleep_for(draws.between(nap, 2 * nap));
    if (!slept) co_return;
    ++*done;
  }
}

Task<void> step_aside(std::uint64_t times, std::uint64_t* done) {
  for (std::uint64_t time = 0; time < times; ++time) {
    const auto yielded = co_await yield();
    if (!yielded) co_return;
    ++*done;
  }
}

Task<void> doze_all(Env& env, std::uint64_t fibers, std::uint64_t times, std::uint64_t* done) {
  Scope scope(env.executor);
  for (std::uint64_t fiber = 0; fiber < fibers; ++fiber) {
    scope.spawn(doze(env, fiber, times, done));
  }
  co_await scope.join();
}

Task<void> step_aside_all(Env& env, std::uint64_t fibers, std::uint64_t times,
                          std::uint64_t* done) {
  Scope scope(env.executor);
  for (std::uint64_t fiber = 0; fiber < fibers; ++fiber) scope.spawn(step_aside(times, done));
  co_await scope.join();
}

Task<void> wait_for_callers(Env& env) {
  auto listener = env.network.listen(Endpoint(Address(), 7));
  const auto stream = co_await listener->accept();
  static_cast<void>(stream);
}

}  // namespace

std::uint64_t simulated_timers(std::uint64_t fibers, std::uint64_t sleeps) {
  std::uint64_t done = 0;
  World world(1, WorldOptions());
  const HostId host = world.add_host("host");
  world.start(world.add_process(
      host, "sleepers", [&](Env& env) { return doze_all(env, fibers, sleeps / fibers, &done); }));
  world.run_until_idle();
  return done;
}

std::uint64_t simulated_yields(std::uint64_t fibers, std::uint64_t yields) {
  std::uint64_t done = 0;
  WorldOptions options;
  options.ready_order = ReadyOrder::fifo;
  options.spin_limit = UINT64_MAX;
  World world(1, options);
  const HostId host = world.add_host("host");
  world.start(world.add_process(host, "yielders", [&](Env& env) {
    return step_aside_all(env, fibers, yields / fibers, &done);
  }));
  world.run_until_idle();
  return done;
}

std::uint64_t idle_hour() {
  constexpr std::uint64_t hosts = 10;
  World world(1, WorldOptions());
  for (std::uint64_t index = 0; index < hosts; ++index) {
    const HostId host = world.add_host(fmt::format("n{}", index));
    world.start(world.add_process(host, "idle", &wait_for_callers));
  }
  world.run_until(TimePoint(std::chrono::hours(1)));
  return hosts;
}

}  // namespace piccolo::bench
