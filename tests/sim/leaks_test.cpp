// What a program leaves behind, in an object that outlives it, is found in any world.

#include <optional>

#include "piccolo/core/network.hpp"
#include "property.hpp"
#include "toy.hpp"

namespace piccolo::test {
namespace {

// Where programs leave things.
struct Attic {
  std::vector<Stream> streams;
  std::vector<Listener> listeners;
  std::vector<DatagramSocket> sockets;
  std::vector<Task<void>> tasks;
};

Endpoint any(std::uint16_t port) { return Endpoint(Address::any(Address::Family::v4), port); }

Task<void> accepts(Env& env) {
  Listener listener = std::move(env.network.listen(any(80)).value());
  for (;;) {
    const auto stream = co_await listener.accept();
    if (!stream) co_return;
  }
}

enum class Left : std::uint8_t { nothing, stream, listener, datagram, task };

Task<void> leaves(Env& env, Attic* attic, Left what, Endpoint server, bool ends) {
  co_await env.clock.sleep_for(milliseconds(100));
  if (what == Left::stream) {
    auto stream = co_await env.network.connect(server);
    attic->streams.push_back(std::move(stream.value()));
  }
  if (what == Left::listener) {
    attic->listeners.push_back(std::move(env.network.listen(any(81)).value()));
  }
  if (what == Left::datagram) {
    attic->sockets.push_back(std::move(env.network.bind_datagram(any(0)).value()));
  }
  if (what == Left::task) attic->tasks.push_back(idles(env));
  if (!ends) co_await idles(env);
}

Toy leaving(Left what, bool ends) {
  return Toy([what, ends](Simulation& sim) {
    auto& attic = sim.keep<Attic>();
    const HostId host = sim.add_host("n1");
    const Endpoint server(sim.world().host_address(host), 80);
    sim.add_node(host, "n1", [](Env& env) { return accepts(env); });
    sim.add_node(sim.add_host("n2"), "n2", [&attic, what, server, ends](Env& env) {
      return leaves(env, &attic, what, server, ends);
    });
  });
}

}  // namespace

TEST_CASE("a program that leaves nothing behind holds") {
  CHECK(leaving(Left::nothing, true).verdict() == "held");
  CHECK(leaving(Left::nothing, false).verdict() == "held");
}

TEST_CASE("a program that ends and leaves a stream, a listener or a datagram socket is named") {
  for (const Left what : {Left::stream, Left::listener, Left::datagram}) {
    for (const bool ends : {true, false}) {
      INFO(static_cast<int>(what) << (ends ? " at once" : " when it is stopped"));
      const auto violation = leaving(what, ends).run().violation;
      REQUIRE(violation);
      CHECK(violation->invariant == "no_leak");
      CHECK(violation->detail == "n2 ended and left 1 sockets open");
      CHECK((violation->at < seconds(1)) == ends);
    }
  }
}

TEST_CASE("what outlives a program that was killed is a leak as well") {
  for (const char* const line :
       {"500ms kill n2, restart in 100ms", "500ms power off n2, back in 100ms"}) {
    for (const Left what : {Left::stream, Left::listener, Left::datagram}) {
      INFO(line << " " << static_cast<int>(what));
      Toy toy = leaving(what, false);
      toy.scenario.listed = {ListedFault{"here", line}};
      const auto violation = toy.run().violation;
      REQUIRE(violation);
      CHECK(violation->invariant == "no_leak");
      CHECK(violation->detail ==
            "n2 is no more, but something outside of it holds 1 of its sockets");
      CHECK(violation->at == milliseconds(500));
    }
  }
}

TEST_CASE("a task that is kept and never runs is a leak") {
  for (const bool ends : {true, false}) {
    const auto violation = leaving(Left::task, ends).run().violation;
    REQUIRE(violation);
    CHECK(violation->invariant == "no_leak");
    CHECK(violation->detail == "1 coroutine frames are left when every program has ended");
  }
}

TEST_CASE("a task that outlives its world is a leak, whatever the run did") {
  std::vector<Task<void>> outside;
  const Toy toy([&outside](Simulation& sim) {
    sim.add_node(sim.add_host("n1"), "n1", [](Env& env) { return idles(env); });
    outside.push_back([](std::vector<Task<void>>*) -> Task<void> { co_return; }(nullptr));
  });
  CHECK(toy.verdict() == "no_leak");
  CHECK(outside.size() == 1);
}

TEST_CASE("runs that broke in their midst leave nothing for the next to be blamed for") {
  const Toy broken([](Simulation& sim) {
    auto& attic = sim.keep<Attic>();
    const HostId host = sim.add_host("n1");
    const Endpoint server(sim.world().host_address(host), 80);
    sim.add_node(host, "n1", [](Env& env) { return accepts(env); });
    sim.add_node(sim.add_host("n2"), "n2", [&attic, server](Env& env) {
      return leaves(env, &attic, Left::stream, server, false);
    });
    sim.always("short", [&sim] { return sim.world().now() < TimePoint(milliseconds(100)); });
  });
  const Toy sound = leaving(Left::nothing, true);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CHECK(broken.verdict(seed) == "short");
    CHECK(sound.verdict(seed) == "held");
  }
}

TEST_CASE("a program that does not stop is named, with the task that waits") {
  const Toy toy([](Simulation& sim) {
    sim.add_node(sim.add_host("n1"), "n1", [](Env& env) { return idles(env); });
    sim.at_heal([&sim] { sim.world().pause(0); });
  });
  const sim::RunResult run = toy.run();
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "clean_stop");
  CHECK_THAT(run.violation->detail, contains_text("n1 did not end when asked to stop\n"));
  CHECK_THAT(run.violation->detail, contains_text("idles"));
  CHECK(run.violation->at == seconds(2));
  CHECK(run.violation->liveness);
}

namespace {

// Hears of the stop when it runs again.
Task<void> lingers(Env& env) {
  co_await idles(env);
  env.log.info("stopping");
}

}  // namespace

TEST_CASE("a world says how long stopping may take") {
  const auto paused_for = [](Duration pause, Duration patience) {
    return Toy([pause, patience](Simulation& sim) {
      sim.add_node(sim.add_host("n1"), "n1", [](Env& env) { return lingers(env); });
      sim.at_heal([&sim, pause] {
        sim.world().pause(0);
        sim.world().at(sim.world().now() + pause, [&sim] { sim.world().resume(0); });
      });
      if (patience.count() > 0) sim.set_stop_patience(patience);
    });
  };
  CHECK(paused_for(milliseconds(900), Duration(0)).verdict() == "held");
  CHECK(paused_for(milliseconds(1100), Duration(0)).verdict() == "clean_stop");
  CHECK(paused_for(milliseconds(1100), seconds(2)).verdict() == "held");
}

}  // namespace piccolo::test
