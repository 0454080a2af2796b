// A killed process's frames are destroyed, and with them everything they hold. No destructor
// reaches the network: what the kernel did at the kill is all the world ever sees.

#include <optional>

#include "lab.hpp"
#include "piccolo/core/scope.hpp"

namespace piccolo::test {
namespace {

using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::read;
using conformance::write;

struct Outcomes {
  std::string listened;
  std::string shut_down;
};

// What a program might do in its last moments, which a killed one does not have.
struct LastWill {
  Env& env;
  Stream& stream;
  Listener& listener;
  Outcomes& outcomes;

  LastWill(Env& with, Stream& of, Listener& at, Outcomes& into)
      : env(with), stream(of), listener(at), outcomes(into) {}
  LastWill(const LastWill&) = delete;
  LastWill& operator=(const LastWill&) = delete;
  ~LastWill() {
    outcomes.shut_down = outcome(stream.shutdown_send());
    stream.close();
    listener.close();
    outcomes.listened = outcome(env.network.listen(conformance::loopback(4711)));
  }
};

Task<void> has_a_will(Env& env, Lab* lab, Outcomes* outcomes) {
  Listener listener = listen_or_throw(env, conformance::loopback(4711));
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  const LastWill will(env, stream, listener, *outcomes);
  co_await env.clock.sleep_for(minutes(60));
}

// What the server's end and the trace saw of a client that was killed, or lost its power.
struct Death {
  Lines lines;
  std::uint64_t hash = 0;
  Outcomes outcomes;
};

Task<void> has_no_will(Env& env, Lab* lab) {
  Listener listener = listen_or_throw(env, conformance::loopback(4711));
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  co_await env.clock.sleep_for(minutes(60));
}

Death die(bool with_a_will, bool power) {
  Death death;
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  const ProcessId client = lab.run(lab.client, [&](Env& env) {
    return with_a_will ? has_a_will(env, &lab, &death.outcomes) : has_no_will(env, &lab);
  });
  lab.world.at(at(seconds(1)), [&] {
    if (power) {
      lab.world.power_off(lab.client);
    } else {
      lab.world.kill(client);
    }
  });
  lab.finish();
  death.lines = lab.diary.lines();
  death.hash = lab.world.trace().hash();
  return death;
}

TEST_CASE("no destructor of a killed process reaches the network") {
  const Death with = die(true, false);
  CHECK(with.lines == Lines{"1.0001s end"});
  CHECK(with.hash == die(false, false).hash);
  CHECK(with.outcomes.listened == "bad_file_descriptor");
}

TEST_CASE("no destructor of a process without power reaches the network") {
  const Death with = die(true, true);
  CHECK(with.lines.empty());
  CHECK(with.hash == die(false, true).hash);
  CHECK(with.outcomes.listened == "bad_file_descriptor");
  CHECK(with.outcomes.shut_down == "not_connected");
}

Task<void> reads_shared(std::shared_ptr<Stream> stream) { co_await read(stream.get()); }

// Closes the stream while its own fiber is destroyed; another fiber waits to read from it.
struct Closer {
  explicit Closer(std::shared_ptr<Stream> of) : stream(std::move(of)) {}
  Closer(const Closer&) = delete;
  Closer& operator=(const Closer&) = delete;
  ~Closer() { stream->close(); }
  std::shared_ptr<Stream> stream;
};

Task<void> closes_at_the_end(Env& env, std::shared_ptr<Stream> stream) {
  const Closer closer(std::move(stream));
  co_await env.clock.sleep_for(minutes(60));
}

Task<void> shares(Env& env, Lab* lab) {
  const auto stream = std::make_shared<Stream>();
  Stream connected = co_await connect_or_throw(env, lab->at_server());
  *stream = std::move(connected);
  Scope scope(env.executor);
  // Fibers are destroyed from the youngest to the oldest: the closer goes before the reader.
  scope.spawn(reads_shared(stream));
  scope.spawn(closes_at_the_end(env, stream));
  co_await scope.join();
}

TEST_CASE("a destructor may wake another task of its dying process, which then never runs") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  const ProcessId client = lab.run(lab.client, [&](Env& env) { return shares(env, &lab); });
  lab.world.at(at(seconds(1)), [&] { lab.world.kill(client); });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"1.0001s end"});
  CHECK(lab.world.live_connections() == 0);
}

// The observer sees what the process did, and after its death nothing that it did not do.
class Witness final : public Observer {
 public:
  void process_ended(ProcessId, bool killed) override {
    events.push_back(killed ? "killed" : "ended");
  }
  void read(const StreamEnd&, std::span<const std::byte>) override { events.emplace_back("read"); }
  void stream_failed(const StreamEnd&, const std::error_code& code) override {
    events.push_back(error_name(code));
  }
  void closed(const StreamEnd&) override { events.emplace_back("closed"); }
  Lines events;
};

TEST_CASE("a killed process's pending operations fail in nobody's eyes") {
  Lab lab;
  Witness witness;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await conformance::accept_or_throw(&listener);
    co_await write(&stream, "unread");
    co_await env.clock.sleep_for(minutes(60));
  });
  const ProcessId client = lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await conformance::fill(env, &stream);
    co_await write(&stream, "never");
  });
  lab.run_for(seconds(1));
  lab.world.add_observer(witness);
  lab.world.kill(client);
  CHECK(witness.events == Lines{"killed", "closed"});
}

}  // namespace
}  // namespace piccolo::test
