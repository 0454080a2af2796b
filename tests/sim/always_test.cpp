// What must hold at every moment.

#include "piccolo/core/network.hpp"
#include "property.hpp"
#include "toy.hpp"

namespace piccolo::test {
namespace {

// Broken for a nanosecond, or only until it awaits again.
struct Glimpse {
  bool broken = false;
};

Task<void> breaks_for(Env& env, Glimpse* glimpse, Duration time) {
  co_await env.clock.sleep_for(milliseconds(300));
  glimpse->broken = true;
  if (time.count() > 0) co_await env.clock.sleep_for(time);
  glimpse->broken = false;
}

Toy glimpsed(Duration time) {
  return Toy([time](Simulation& sim) {
    auto& glimpse = sim.keep<Glimpse>();
    sim.add_node(sim.add_host("n1"), "n1",
                 [&glimpse, time](Env& env) { return breaks_for(env, &glimpse, time); });
    sim.always("whole", [&glimpse] { return !glimpse.broken; });
  });
}

Task<void> sets(Env& env, bool* to, bool value) {
  co_await env.clock.sleep_for(milliseconds(300));
  *to = value;
}

Task<void> opens(Env& env) {
  std::vector<DatagramSocket> sockets;
  for (;;) {
    const auto slept = co_await env.clock.sleep_for(milliseconds(100));
    if (!slept) co_return;
    auto socket = env.network.bind_datagram(Endpoint(Address::any(Address::Family::v4), 0));
    sockets.push_back(std::move(socket.value()));
  }
}

}  // namespace

TEST_CASE(
    "what must always hold is named when it breaks, with the state, and stops the run there") {
  const Toy toy([](Simulation& sim) {
    const Ticker& ticker = add_ticker(sim);
    sim.always(
        "few ticks", [&ticker] { return ticker.ticks < 7; },
        [&ticker] { return std::to_string(ticker.ticks) + " ticks"; });
  });
  const sim::RunResult run = toy.run();
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "few ticks");
  CHECK(run.violation->detail == "7 ticks");
  CHECK(run.violation->at == milliseconds(700));
  CHECK_FALSE(run.violation->liveness);
  CHECK(run.totals.virtual_time == milliseconds(700));
}

TEST_CASE("what must never happen is named when it does, and needs no state") {
  const Toy toy([](Simulation& sim) {
    const Ticker& ticker = add_ticker(sim);
    sim.never("four", [&ticker] { return ticker.ticks == 4; });
    sim.never("never at all", [&ticker] { return ticker.ticks < 0; });
  });
  const sim::RunResult run = toy.run();
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "four");
  CHECK(run.violation->detail.empty());
  CHECK(run.violation->at == milliseconds(400));
}

TEST_CASE("what is broken between two events is seen, however briefly") {
  CHECK(glimpsed(Duration(1)).verdict() == "whole");
  CHECK(glimpsed(Duration(0)).verdict() == "held");
}

TEST_CASE("also between two events of one moment, in whatever order the seed puts them") {
  const Toy toy([](Simulation& sim) {
    auto& broken = sim.keep<bool>(false);
    const HostId host = sim.add_host("n1");
    sim.add_node(host, "breaks", [&broken](Env& env) { return sets(env, &broken, true); });
    sim.add_node(host, "mends", [&broken](Env& env) { return sets(env, &broken, false); });
    // Where breaking comes first, it is mended at the same moment.
    sim.always("whole", [&broken] { return !broken; });
  });
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto violation = toy.run(seed).violation;
    if (violation) ++found;
    if (violation) CHECK(violation->at == milliseconds(300));
  }
  CHECK(found == 20);
}

TEST_CASE("of several that break at once the first that was declared is named") {
  for (const bool reversed : {false, true}) {
    const Toy toy([reversed](Simulation& sim) {
      const Ticker& ticker = add_ticker(sim);
      const auto declare = [&](const char* name) {
        sim.always(name, [&ticker] { return ticker.ticks < 5; });
      };
      declare(reversed ? "b" : "a");
      declare(reversed ? "a" : "b");
    });
    CHECK(toy.verdict() == (reversed ? "b" : "a"));
  }
}

TEST_CASE("when all are asked to stop, what must always hold need not any more") {
  const Toy toy([](Simulation& sim) {
    const Ticker& ticker = add_ticker(sim);
    sim.always("running", [&ticker] { return ticker.stopped_at.count() == 0; });
  });
  CHECK(toy.verdict() == "held");
}

TEST_CASE("a process that holds more sockets than it may is named") {
  const auto holding = [](std::size_t most) {
    return Toy([most](Simulation& sim) {
      const ProcessId node =
          sim.add_node(sim.add_host("h1"), "n1", [](Env& env) { return opens(env); });
      sim.limit_sockets(node, most);
    });
  };
  const sim::RunResult run = holding(2).run();
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "sockets of n1");
  CHECK(run.violation->detail == "it holds 3 sockets, more than 2");
  CHECK(run.violation->at == milliseconds(300));
  CHECK(holding(10).verdict() == "held");
}

}  // namespace piccolo::test
