// Ports that others have, descriptors that are used up, reads and writes that are short, and names
// that lead nowhere.

#include "../lab.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::read;
using conformance::read_all;
using conformance::write;

FaultCount count(const Lab& lab, FaultKind kind) { return lab.world.fault_counts()[kind]; }

TEST_CASE("a port that another program has cannot be listened on, and refuses who connects") {
  Lab lab;
  lab.world.take_port(lab.server, 80);
  lab.world.take_port(lab.server, 80);
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    for (int second = 0; second < 3; ++second) {
      const auto listener = env.network.listen(in->at_server());
      in->diary.note(env, outcome(listener));
      const auto other = env.network.listen(in->at_server(81));
      if (!other) in->diary.note(env, outcome(other));
      co_await env.clock.sleep_for(seconds(1));
    }
  });
  lab.world.at(at(milliseconds(500)), [&] {
    lab.run(lab.client, [](Env& env, Lab* in) { return connects(env, in); });
    lab.world.give_back_port(lab.server, 80);
  });
  lab.world.at(at(milliseconds(1500)), [&] { lab.world.give_back_port(lab.server, 80); });
  lab.run_for(seconds(5));
  CHECK(lab.diary.lines() ==
        Lines{"0s address_in_use", "500.2ms connection_refused", "1s address_in_use", "2s ok"});
  CHECK(count(lab, FaultKind::port_taken).injected == 2);
  CHECK(count(lab, FaultKind::port_taken).observed == 2);
}

TEST_CASE("who listens on a port already goes on when it is taken, until it is restarted") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    auto listener = env.network.listen(in->at_server());
    in->diary.note(env, outcome(listener));
    co_await env.clock.sleep_for(seconds(10));
  });
  CHECK(lab.world.last_port(server) == 0);
  lab.world.at(at(seconds(1)), [&] {
    CHECK(lab.world.last_port(server) == 80);
    lab.world.take_port(lab.server, 80);
    lab.run(lab.client, [](Env& env, Lab* in) { return connects(env, in); });
  });
  lab.world.at(at(seconds(2)), [&] { lab.world.restart(server); });
  lab.run_for(seconds(3));
  CHECK(lab.diary.lines() == Lines{"0s ok", "1.0002s connected", "2s address_in_use"});
  CHECK(count(lab, FaultKind::crash).injected == 0);
  CHECK(count(lab, FaultKind::crash).observed == 0);
}

TEST_CASE("without descriptors nothing new is opened, and what is open goes on") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  const ProcessId client = lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    for (int second = 1; second <= 2; ++second) {
      co_await env.clock.sleep_until(at(seconds(second)));
      const auto listener = env.network.listen(Endpoint(Address(), 81));
      const auto connected = co_await env.network.connect(in->at_server());
      co_await write(&stream, "word");
      const std::string got = co_await read(&stream);
      in->diary.note(env, outcome(listener) + " " + outcome(connected) + " " + got);
    }
  });
  lab.world.at(at(milliseconds(500)), [&] { lab.world.exhaust_descriptors(client); });
  lab.world.at(at(milliseconds(1500)), [&] { lab.world.free_descriptors(client); });
  lab.run_for(seconds(3));
  CHECK(lab.diary.lines() ==
        Lines{"1.0002s too_many_files_open too_many_files_open [word]", "2.0004s ok ok [word]"});
  CHECK(count(lab, FaultKind::no_descriptors).injected == 1);
  CHECK(count(lab, FaultKind::no_descriptors).observed == 2);
}

TEST_CASE("a connection that cannot be accepted for lack of descriptors waits in the queue") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    for (int tries = 0; tries < 3; ++tries) {
      const auto stream = co_await listener.accept();
      in->diary.note(env, outcome(stream));
      co_await env.clock.sleep_for(seconds(1));
    }
  });
  lab.world.at(at(milliseconds(500)), [&] { lab.world.exhaust_descriptors(server); });
  lab.world.at(at(seconds(1)), [&] {
    lab.run(lab.client, [](Env& env, Lab* in) { return connects(env, in, seconds(9)); });
  });
  lab.world.at(at(milliseconds(2500)), [&] { lab.world.free_descriptors(server); });
  lab.run_for(seconds(6));
  CHECK(lab.diary.lines() == Lines{"1.0002s connected", "1.0003s too_many_files_open",
                                   "2.0003s too_many_files_open", "3.0003s ok"});
}

TEST_CASE("a restarted process has all its descriptors") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.world.exhaust_descriptors(server);
  lab.world.restart(server);
  lab.world.free_descriptors(server);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.run_for(seconds(1));
  CHECK(lab.diary.lines() == Lines{"200us connected"});
}

TEST_CASE("reads and writes are short, down to a byte, and lose nothing") {
  Lab lab;
  lab.world.shorten_io(lab.server);
  lab.world.shorten_io(lab.client);
  lab.world.shorten_io(lab.client);
  lab.world.at(at(milliseconds(10)), [&] { lab.world.restore_io(lab.client); });
  lab.world.at(at(seconds(1)), [&] {
    lab.world.restore_io(lab.server);
    lab.world.restore_io(lab.client);
  });
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    for (std::string got; got != "end";) {
      got = co_await read(&stream);
      in->diary.note(env, got);
    }
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    for (const Duration when : {milliseconds(20), milliseconds(2000)}) {
      co_await env.clock.sleep_until(at(when));
      std::string rest = "abcdefghijklmnopqrstuvwxyz";
      std::string writes = "wrote";
      while (!rest.empty()) {
        const std::string taken = co_await write(&stream, rest);
        writes += " " + taken;
        rest.erase(0, static_cast<std::size_t>(std::stoi(taken)));
      }
      in->diary.note(env, writes);
    }
  });
  lab.run_for(seconds(5));
  std::size_t pieces = 0;
  std::string all;
  for (const std::string& line : lab.diary.lines()) {
    const std::size_t bracket = line.find('[');
    if (bracket == std::string::npos) continue;
    ++pieces;
    all += line.substr(bracket + 1, line.size() - bracket - 2);
  }
  CHECK(all == "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
  CHECK(pieces > 3);
  CHECK(lab.diary.lines().front().size() > std::string("20.2ms wrote 26").size());
  REQUIRE(lab.diary.lines().size() > 3);
  const auto last = lab.diary.lines().end();
  CHECK(*(last - 3) == "2s wrote 26");
  CHECK(*(last - 2) == "2.0001s [abcdefghijklmnopqrstuvwxyz]");
  CHECK(count(lab, FaultKind::short_io).injected == 3);
  CHECK(count(lab, FaultKind::short_io).observed > 3);
}

// Looks the server up once a second, and notes what it gets.
Task<void> looks_up(Env& env, Lab* lab) {
  for (int second = 0; second < 6; ++second) {
    co_await env.clock.sleep_until(at(seconds(second)));
    const auto found = co_await env.network.resolve("server", 80);
    lab->diary.note(env, found ? found->front().to_string() : error_name(found.error()));
  }
}

TEST_CASE("a name is unknown, not answered, answered late, or leads elsewhere, for a while") {
  Lab lab;
  lab.run(lab.client, [&](Env& env) { return looks_up(env, &lab); });
  const auto then = [&lab](Duration when, auto action) {
    lab.world.at(at(when), [&lab, action] { action(lab); });
  };
  then(milliseconds(500), [](Lab& in) { in.world.hide_name(in.server); });
  then(milliseconds(1500), [](Lab& in) { in.world.silence_name(in.server); });
  then(milliseconds(2500), [](Lab& in) { in.world.slow_name(in.server, milliseconds(300)); });
  then(milliseconds(3500), [](Lab& in) { in.world.move_name(in.server, in.client); });
  then(milliseconds(4500), [](Lab& in) { in.world.restore_name(in.server); });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"500us 10.0.0.2:80", "1.0005s host_not_found",
                                   "2.0005s resolve_again", "3.3005s 10.0.0.2:80",
                                   "4.0005s 10.0.0.1:80", "5.0005s 10.0.0.2:80"});
  CHECK(count(lab, FaultKind::names).injected == 4);
  CHECK(count(lab, FaultKind::names).observed == 4);
}

TEST_CASE("what is wrong with one name is not wrong with others, nor with addresses") {
  Lab lab;
  lab.world.hide_name(lab.server);
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    const auto client = co_await env.network.resolve("client", 80);
    const auto literal = co_await env.network.resolve("10.0.0.2", 80);
    const auto localhost = co_await env.network.resolve("localhost", 80);
    in->diary.note(env, outcome(client) + outcome(literal) + outcome(localhost));
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"1ms okokok"});
  CHECK(count(lab, FaultKind::names).observed == 0);
}

}  // namespace
}  // namespace piccolo::test
