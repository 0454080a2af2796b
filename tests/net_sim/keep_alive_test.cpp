// Keepalive: who asks, when, and what an answer or its absence does.

#include "lab.hpp"

namespace piccolo::test {
namespace {

using conformance::connect_or_throw;
using conformance::read;

// Asks after 10 s of silence, then every 2 s, 3 times; reads until that fails.
Task<void> keeps_asking(Env& env, Lab* lab) {
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  KeepAlive how;
  how.enabled = true;
  how.idle = seconds(10);
  how.interval = seconds(2);
  how.probes = 3;
  CHECK(outcome(stream.set_keep_alive(how)) == "ok");
  const std::string got = co_await read(&stream);
  lab->diary.note(env, got);
}

Task<void> waits_in_silence(Env& env, Lab* lab) {
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  const std::string got = co_await read(&stream);
  lab->diary.note(env, got);
}

TEST_CASE("a peer that is cut off is found out by keepalive, and not without it") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return keeps_asking(env, &lab); });
  lab.run(lab.client, waits_in_silence);
  lab.world.at(at(seconds(5)), [&] { lab.world.partition(lab.client, lab.server); });
  lab.run_for(minutes(60));
  // Asked at 10.0002, 12.0002 and 14.0002 s.
  CHECK(lab.diary.lines() == Lines{"16.0002s timed_out"});
}

TEST_CASE("a peer that answers is kept, however silent") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return keeps_asking(env, &lab); });
  lab.run_for(minutes(60));
  CHECK(lab.diary.lines().empty());
}

TEST_CASE("a peer that came back without memory answers the question with a reset") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return keeps_asking(env, &lab); });
  lab.world.at(at(seconds(5)), [&] {
    lab.world.power_off(lab.server);
    lab.world.power_on(lab.server);
  });
  lab.run_for(minutes(60));
  CHECK(lab.diary.lines() == Lines{"10.0004s connection_reset"});
}

}  // namespace
}  // namespace piccolo::test
