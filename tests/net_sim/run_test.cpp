// How a run ends early, and what is seen of it from outside.

#include "lab.hpp"
#include "unit/death.hpp"

namespace piccolo::test {
namespace {

using conformance::connect_or_throw;
using conformance::listen_or_throw;

Task<void> ticks(Env& env) {
  for (;;) {
    const auto slept = co_await env.clock.sleep_for(seconds(1));
    if (!slept) co_return;
  }
}

struct Counting final : Observer {
  explicit Counting(World& of) : world(of) {}
  void settled() override {
    moments.push_back(world.now().time_since_epoch());
    if (interrupts) world.interrupt();
  }
  World& world;
  std::vector<Duration> moments;
  bool interrupts = false;
};

}  // namespace

TEST_CASE("an interrupted run ends after the present event, and the next one goes on") {
  Lab lab;
  lab.run(lab.client, [](Env& env) { return ticks(env); });
  lab.world.at(at(milliseconds(1500)), [&] { lab.world.interrupt(); });
  lab.world.at(at(milliseconds(2500)), [&] { lab.world.interrupt(); });
  CHECK(lab.world.run_until(at(seconds(10))));
  CHECK(lab.world.now() == at(milliseconds(1500)));
  CHECK(lab.world.run_until(at(seconds(10))));
  CHECK(lab.world.now() == at(milliseconds(2500)));
  CHECK(lab.world.run_until(at(seconds(10))));
  CHECK(lab.world.now() == at(seconds(10)));
  CHECK_FALSE(lab.world.failure());
}

TEST_CASE("an interruption from before a run does not end it") {
  Lab lab;
  lab.world.interrupt();
  CHECK(lab.world.run_until(at(seconds(3))));
  CHECK(lab.world.now() == at(seconds(3)));
}

TEST_CASE("an observer may interrupt, and a run that is cut up so does what it does in one go") {
  Lab whole;
  whole.run(whole.server, [&](Env& env) { return echoes(env, &whole); });
  whole.run(whole.client, [&](Env& env) { return connects(env, &whole, seconds(1)); });
  whole.run_for(seconds(5));
  Lab cut;
  Counting observer(cut.world);
  observer.interrupts = true;
  cut.world.add_observer(observer);
  cut.run(cut.server, [&](Env& env) { return echoes(env, &cut); });
  cut.run(cut.client, [&](Env& env) { return connects(env, &cut, seconds(1)); });
  int runs = 0;
  while (cut.world.now() < at(seconds(5))) {
    cut.world.run_until(at(seconds(5)));
    ++runs;
  }
  CHECK(runs > 3);
  CHECK(cut.world.trace().hash() == whole.world.trace().hash());
}

TEST_CASE("a run that comes to its most events is endless, and says where everybody is") {
  for (const std::uint64_t most : {std::uint64_t{1}, std::uint64_t{100}}) {
    WorldOptions options;
    options.events_max = most;
    Lab lab(options);
    lab.run(lab.client, [](Env& env) { return ticks(env); });
    CHECK_FALSE(lab.world.run_until_idle());
    REQUIRE(lab.world.failure());
    CHECK(lab.world.failure()->rule == "endless");
    CHECK_THAT(lab.world.failure()->detail,
               contains_text("came to " + std::to_string(most) + " events"));
    CHECK_THAT(lab.world.failure()->detail, contains_text("ticks"));
    CHECK(lab.world.events() == most);
    CHECK(lab.world.now() == at(seconds(static_cast<int>(most))));
  }
}

TEST_CASE("a run of fewer events is not endless, nor is one without a limit") {
  for (const std::uint64_t most : {std::uint64_t{0}, std::uint64_t{101}}) {
    WorldOptions options;
    options.events_max = most;
    Lab lab(options);
    lab.run(lab.client, [](Env& env) { return ticks(env); });
    CHECK(lab.world.run_until(at(seconds(100))));
    CHECK(lab.world.events() == 100);
  }
}

TEST_CASE("observers look when all that an event led to is done, and a program ran") {
  Lab lab;
  Counting observer(lab.world);
  lab.world.add_observer(observer);
  lab.run(lab.client, [](Env& env) { return ticks(env); });
  // Datagrams to a port that nobody has: events of kernels alone.
  lab.world.at(at(milliseconds(2500)), [] {});
  lab.world.run_until(at(seconds(3)));
  CHECK(observer.moments ==
        std::vector<Duration>{Duration(0), seconds(1), seconds(2), milliseconds(2500), seconds(3)});
}

namespace {

Task<void> shakes_hands(Env& env, Lab* lab) {
  const Stream stream = co_await connect_or_throw(env, lab->at_server());
  co_await env.clock.sleep_for(minutes(1));
}

}  // namespace

TEST_CASE("observers do not look at what happens in kernels alone") {
  Lab lab;
  Counting observer(lab.world);
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return shakes_hands(env, &lab); });
  lab.world.add_observer(observer);
  lab.run_for(seconds(1));
  // The start of both, the client at SYN-ACK, the server at ACK; not the SYN's arrival.
  CHECK(observer.moments ==
        std::vector<Duration>{Duration(0), microseconds(200), microseconds(300)});
  CHECK(lab.world.events() == 3);
}

TEST_CASE("ports are in use while somebody listens, is bound or connected, or lingers") {
  Lab lab;
  CHECK(lab.world.ports_in_use(lab.client) == 0);
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run_for(milliseconds(1));
  CHECK(lab.world.ports_in_use(lab.server) == 1);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab, seconds(1)); });
  lab.run(lab.client, [](Env& env, Lab*) -> Task<void> {
    const auto socket = env.network.bind_datagram(Endpoint(Address::any(Address::Family::v4), 7));
    co_await env.clock.sleep_for(seconds(1));
  });
  lab.run_for(milliseconds(500));
  CHECK(lab.world.ports_in_use(lab.client) == 2);
  CHECK(lab.world.ports_in_use(lab.server) == 1);
  // The client closed first, and its end lingers until the server's follows, and for TIME_WAIT.
  lab.run_for(seconds(1));
  CHECK(lab.world.ports_in_use(lab.client) == 1);
  lab.world.stop(server);
  lab.run_for(seconds(1));
  CHECK(lab.world.ports_in_use(lab.server) == 0);
  lab.finish();
  CHECK(lab.world.ports_in_use(lab.client) == 0);
}

// ---- what outlives its program ----

namespace {

Task<void> gives_away(Env& env, Lab* lab, Stream* to) {
  auto stream = co_await env.network.connect(lab->at_server());
  *to = std::move(stream.value());
  co_await env.clock.sleep_for(seconds(10));
}

// Declared before the lab, or behind it.
void lose(Lab& lab, Stream& stream, bool by_kill) {
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  const ProcessId client =
      lab.run(lab.client, [&](Env& env) { return gives_away(env, &lab, &stream); });
  if (by_kill) lab.world.at(at(seconds(1)), [&lab, client] { lab.world.kill(client); });
  lab.world.run_until(at(minutes(1)));
}

}  // namespace

TEST_CASE("a stream that something else holds when its program is gone is the world's failure") {
  for (const bool by_kill : {false, true}) {
    Lab lab;
    Stream stream;
    lose(lab, stream, by_kill);
    REQUIRE(lab.world.failure());
    CHECK(lab.world.failure()->rule == "no_leak");
    CHECK(lab.world.failure()->detail ==
          "program 1 is no more, but something outside of it holds 1 of its sockets");
    CHECK(lab.world.now() ==
          at(seconds(by_kill ? 1 : 10) + (by_kill ? Duration(0) : microseconds(200))));
  }
}

TEST_CASE("objects that hold streams may go before the world, once its programs are ended") {
  for (const bool runs : {true, false}) {
    auto stream = std::make_unique<Stream>();
    Lab lab;
    lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
    lab.run(lab.client, [&](Env& env) { return gives_away(env, &lab, stream.get()); });
    lab.run_for(runs ? seconds(5) : seconds(0));
    lab.world.end_programs();
    stream.reset();
  }
}

TEST_CASE("a stream that outlives its world is told by name") {
  const std::string text = abort_message([] {
    Stream stream;
    Lab lab;
    lose(lab, stream, true);
  });
  CHECK_THAT(text, contains_text("outlived the world that it was of"));
}

}  // namespace piccolo::test
