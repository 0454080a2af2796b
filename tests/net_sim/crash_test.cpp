// Death of a process and of a machine: what the peer sees, and what is left behind.

#include "lab.hpp"
#include "piccolo/core/scope.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::read;
using conformance::read_all;
using conformance::write;

// Says hello, then notes what it reads until the end.
Task<void> listens_to_the_end(Env& env, Lab* lab) {
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  co_await write(&stream, "hello");
  const std::string all = co_await read_all(&stream);
  lab->diary.note(env, all);
}

TEST_CASE("a killed process's kernel ends its streams with FIN") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return listens_to_the_end(env, &lab); });
  lab.world.at(at(seconds(1)), [&] { lab.world.kill(server); });
  lab.run_for(minutes(2));
  CHECK(lab.diary.lines() == Lines{"1.0001s hello|end"});
  CHECK_FALSE(lab.world.running(server));
  CHECK(lab.world.open_sockets(server) == 0);
  CHECK(lab.world.live_connections() == 0);
  CHECK(lab.world.fault_counts()[FaultKind::crash].injected == 1);
  CHECK(lab.world.fault_counts()[FaultKind::crash].observed == 1);
}

TEST_CASE("a killed process's kernel resets streams with unread data") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return listens_to_the_end(env, &lab); });
  lab.world.at(at(seconds(1)), [&] { lab.world.kill(server); });
  lab.run_for(minutes(2));
  CHECK(lab.diary.lines() == Lines{"1.0001s |connection_reset"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("what a process had written before it was killed still arrives") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    const std::string hello = co_await read(&stream);
    co_await write(&stream, hello);
    in->world.cut(in->server, in->client);
    co_await write(&stream, " and more");
    co_await env.clock.sleep_for(minutes(5));
  });
  lab.run(lab.client, [&](Env& env) { return listens_to_the_end(env, &lab); });
  lab.world.at(at(milliseconds(100)), [&] { lab.world.kill(server); });
  lab.world.at(at(milliseconds(150)), [&] { lab.world.mend(lab.server, lab.client); });
  lab.run_for(minutes(2));
  CHECK(lab.diary.lines() == Lines{"204.6ms [hello] and more|end"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("a restarted process binds its port again at once, and serves") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return listens_to_the_end(env, &lab); });
  lab.world.at(at(seconds(1)), [&] {
    lab.world.kill(server);
    lab.world.start(server);
  });
  lab.world.at(at(seconds(2)), [&] {
    lab.run(lab.client, [](Env& env, Lab* in) { return listens_to_the_end(env, in); });
  });
  lab.world.at(at(seconds(3)), [&] { lab.world.stop(server); });
  lab.run_for(minutes(2));
  CHECK(lab.diary.lines() == Lines{"1.0001s hello|end", "3.0001s hello|end"});
  CHECK_FALSE(lab.world.running(server));
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("a stopped process ends politely, in its own time") {
  Lab lab;
  const ProcessId slow = lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    const auto slept = co_await env.clock.sleep_for(minutes(60));
    in->diary.note(env, outcome(slept));
  });
  lab.world.at(at(seconds(1)), [&] { lab.world.stop(slow); });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"1s operation_canceled"});
}

TEST_CASE("a machine without power loses its processes, its streams and its listeners in silence") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return listens_to_the_end(env, &lab); });
  lab.world.at(at(seconds(1)), [&] { lab.world.power_off(lab.server); });
  lab.run_for(minutes(60));
  CHECK(lab.diary.lines().empty());
  CHECK_FALSE(lab.world.running(server));
  CHECK_FALSE(lab.world.powered(lab.server));
  lab.world.start(server);
  CHECK_FALSE(lab.world.running(server));
  lab.world.power_on(lab.server);
  CHECK(lab.world.powered(lab.server));
  CHECK_FALSE(lab.world.running(server));
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(seconds(1));
  CHECK(lab.diary.lines() == Lines{"3600.0002s connection_refused"});
}

TEST_CASE("connections of two machines that both lost power leave nothing behind") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab, minutes(60)); });
  lab.run_for(seconds(1));
  lab.world.power_off(lab.client);
  lab.world.power_off(lab.server);
  lab.finish();
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("unaccepted and half-open connections go with their machine") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    const Listener listener = listen_or_throw(env, in->at_server());
    co_await env.clock.sleep_for(minutes(60));
  });
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.world.at(at(milliseconds(10)) - microseconds(150),
               [&] { lab.run(lab.client, [](Env& env, Lab* in) { return connects(env, in); }); });
  lab.world.at(at(milliseconds(10)), [&] { lab.world.power_off(lab.server); });
  lab.run_for(minutes(60));
  CHECK(lab.diary.lines() == Lines{"200us connected", "10.05ms connected"});
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("TIME_WAIT keeps a connection for a minute, at the end that closed first") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    co_await read(&stream);
  });
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab, seconds(1)); });
  lab.run_for(seconds(60));
  CHECK(lab.world.live_connections() == 1);
  lab.run_for(seconds(2));
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("closing a stream in TIME_WAIT resets nothing, unread data or not") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    co_await read(&stream);
    co_await write(&stream, "unread");
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    CHECK(outcome(stream.shutdown_send()) == "ok");
    co_await env.clock.sleep_for(seconds(1));
  });
  lab.run_for(seconds(59));
  CHECK(lab.world.live_connections() == 1);
  lab.run_for(seconds(2));
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("a peer that never ends its side is forgotten a minute after ours was acknowledged") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab, seconds(1)); });
  lab.run_for(seconds(120));
  // Only the server's end is left: in CLOSE_WAIT, held by its program.
  CHECK(lab.world.open_sockets(server) == 2);
  CHECK(lab.world.live_connections() == 1);
  lab.world.kill(server);
  lab.finish();
  CHECK(lab.world.live_connections() == 0);
}

// One task for each kind of operation, each pending for ever.
Task<void> waits(Env& env, Lab* lab, int what) {
  Stream stream;
  Listener listener;
  switch (what) {
    case 0: {
      stream = co_await connect_or_throw(env, lab->at_server());
      co_await read(&stream);
      break;
    }
    case 1: {
      stream = co_await connect_or_throw(env, lab->at_server());
      co_await conformance::fill(env, &stream);
      co_await write(&stream, "more");
      break;
    }
    case 2: {
      listener = listen_or_throw(env, Endpoint(Address::any(Address::Family::v4), 0));
      co_await accept_or_throw(&listener);
      break;
    }
    case 3: {
      const Endpoint nobody(Address::v4(10, 9, 9, 9), 1);
      co_await connect_or_throw(env, nobody);
      break;
    }
    case 4: {
      for (;;) co_await env.network.resolve("client", 1);
      break;
    }
    default:
      co_await env.clock.sleep_for(std::chrono::hours(1));
  }
}

Task<void> waits_for_all(Env& env, Lab* lab) {
  Scope scope(env.executor);
  for (int what = 0; what < 6; ++what) scope.spawn(waits(env, lab, what));
  co_await scope.join();
}

TEST_CASE("a process may be killed in mid operation, whichever it is, and at any time") {
  for (const bool power : {false, true}) {
    for (int moment = 0; moment < 60; ++moment) {
      Lab lab;
      const ProcessId server = lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
      const ProcessId client =
          lab.run(lab.client, [&](Env& env) { return waits_for_all(env, &lab); });
      const Duration when = moment < 40 ? microseconds(moment * 17) : milliseconds(moment * 10);
      lab.world.at(at(when), [&] {
        if (power) {
          lab.world.power_off(lab.client);
        } else {
          lab.world.kill(client);
        }
      });
      lab.world.at(at(seconds(20)), [&] { lab.world.kill(server); });
      lab.finish();
      CHECK_FALSE(lab.world.running(client));
      CHECK(lab.world.live_fibers(client) == 0);
      CHECK(lab.world.open_sockets(client) == 0);
      CHECK(lab.world.live_connections() == 0);
    }
  }
}

TEST_CASE("a world may be destroyed in mid everything") {
  for (int moment = 0; moment < 40; ++moment) {
    Lab lab;
    lab.run(lab.server, [&](Env& env) { return keeps(env, &lab, 0); });
    for (int count = 0; count < 3; ++count) {
      lab.run(lab.client, [&](Env& env) { return waits_for_all(env, &lab); });
    }
    lab.run_for(microseconds(moment * 23));
  }
}

}  // namespace
}  // namespace piccolo::test
