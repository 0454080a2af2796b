#include "bare.hpp"

#include <coroutine>
#include <deque>
#include <utility>
#include <vector>

#include "bare_world.hpp"

namespace piccolo::bench {
namespace {

constexpr std::uint64_t millisecond = 1'000'000;
constexpr std::uint64_t second = 1'000 * millisecond;
constexpr std::uint64_t latency = 100'000;

// Suspends; the other one of a pair is resumed when the message has arrived.
struct Turn {
  BareWorld& world;
  std::coroutine_handle<>& me;
  const std::coroutine_handle<>& other;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> at) const {
    me = at;
    if (other) world.schedule(other, latency + scale_to(world.draw(), latency));
  }
  void await_resume() const noexcept {}
};

struct Sleep {
  BareWorld& world;
  std::uint64_t time;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> at) const { world.schedule(at, time); }
  void await_resume() const noexcept {}
};

struct Pair {
  std::coroutine_handle<> client;
  std::coroutine_handle<> server;
};

BareTask serve(BareWorld& world, Pair& pair) {
  for (;;) co_await Turn(world, pair.server, pair.client);
}

BareTask round_trip(BareWorld& world, Pair& pair) {
  co_await Turn(world, pair.client, pair.server);
}

BareTask call(BareWorld& world, Pair& pair, std::uint64_t rounds, std::uint64_t* done) {
  for (std::uint64_t round = 0; round < rounds; ++round) {
    co_await round_trip(world, pair);
    ++*done;
  }
}

BareTask doze(BareWorld& world, std::uint64_t times, std::uint64_t* done) {
  for (std::uint64_t time = 0; time < times; ++time) {
    co_await Sleep(world, millisecond + scale_to(world.draw(), millisecond));
    ++*done;
  }
}

struct StepAside {
  std::deque<std::coroutine_handle<>>& ready;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> at) const { ready.push_back(at); }
  void await_resume() const noexcept {}
};

BareTask step_aside(std::deque<std::coroutine_handle<>>& ready, std::uint64_t times,
                    std::uint64_t* done) {
  for (std::uint64_t time = 0; time < times; ++time) {
    co_await StepAside(ready);
    ++*done;
  }
}

// One peer's calls: three packets to connect, two for the echo, two to hang up.
BareTask chat(BareWorld& world) {
  for (;;) {
    for (int packet = 0; packet < 7; ++packet) {
      co_await Sleep(world, latency + scale_to(world.draw(), latency));
      if (packet == 4) co_await Sleep(world, 5 * second);
    }
    co_await Sleep(world, 2 * second - scale_to(world.draw(), second / 5));
  }
}

}  // namespace

std::uint64_t bare_echo(std::uint64_t connections, std::uint64_t round_trips) {
  BareWorld world(1);
  std::deque<Pair> pairs(connections);
  std::uint64_t done = 0;
  for (Pair& pair : pairs) {
    BareTask server = serve(world, pair);
    pair.server = server.handle();  // its client's first message starts it
    world.keep(std::move(server));
    world.spawn(call(world, pair, round_trips / connections, &done));
  }
  world.run_until(UINT64_MAX);
  return done;
}

std::uint64_t bare_timers(std::uint64_t fibers, std::uint64_t sleeps) {
  BareWorld world(1);
  std::uint64_t done = 0;
  for (std::uint64_t fiber = 0; fiber < fibers; ++fiber) {
    world.spawn(doze(world, sleeps / fibers, &done));
  }
  world.run_until(UINT64_MAX);
  return done;
}

std::uint64_t bare_yields(std::uint64_t fibers, std::uint64_t yields) {
  std::deque<std::coroutine_handle<>> ready;
  std::vector<BareTask> tasks;
  std::uint64_t done = 0;
  tasks.reserve(fibers);
  for (std::uint64_t fiber = 0; fiber < fibers; ++fiber) {
    tasks.push_back(step_aside(ready, yields / fibers, &done));
    ready.push_back(tasks.back().handle());
  }
  while (!ready.empty()) {
    const std::coroutine_handle<> next = ready.front();
    ready.pop_front();
    next.resume();
  }
  return done;
}

std::uint64_t bare_chatter(std::uint64_t nodes, std::uint64_t seeds) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    BareWorld world(seed);
    for (std::uint64_t pair = 0; pair < nodes * (nodes - 1); ++pair) world.spawn(chat(world));
    world.run_until(60 * second);
  }
  return seeds;
}

}  // namespace piccolo::bench
