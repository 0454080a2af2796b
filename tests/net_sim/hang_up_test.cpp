// Established streams that are hung up on: by RST or by FIN, perhaps in mid-message.

#include "lab.hpp"

namespace piccolo::test {
namespace {

using conformance::connect_or_throw;
using conformance::read;
using conformance::read_all;
using conformance::write;

Task<void> reads_to_the_end(Env& env, Lab* lab) {
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  const std::string all = co_await read_all(&stream);
  lab->diary.note(env, "client " + all);
  const std::string sent = co_await write(&stream, "anybody?");
  lab->diary.note(env, "client " + sent);
}

Task<void> sends_and_reads(Env& env, Lab* lab) {
  Listener listener = conformance::listen_or_throw(env, lab->at_server());
  Stream stream = co_await conformance::accept_or_throw(&listener);
  for (int count = 0; count < 4; ++count) {
    co_await write(&stream, "half");
    co_await env.clock.sleep_for(milliseconds(1));
  }
  const std::string all = co_await read_all(&stream);
  lab->diary.note(env, "server " + all);
}

Lab& hang_up(Lab& lab, HangUp how) {
  lab.run(lab.server, [&lab](Env& env) { return sends_and_reads(env, &lab); });
  lab.run(lab.client, [&lab](Env& env) { return reads_to_the_end(env, &lab); });
  // Two words have arrived, a third is on its way.
  lab.world.at(at(microseconds(2350)),
               [&lab, how] { CHECK(lab.world.hang_up(lab.client, lab.server, how, 0)); });
  lab.run_for(minutes(3));
  return lab;
}

TEST_CASE("a reset tears a message apart, and both ends learn of it") {
  Lab lab;
  hang_up(lab, HangUp::reset);
  CHECK(lab.diary.lines() == Lines{"2.35ms client halfhalf|connection_reset",
                                   "2.35ms client broken_pipe", "4.3ms server |end"});
  CHECK(lab.world.fault_counts()[FaultKind::hup].injected == 1);
  CHECK(lab.world.fault_counts()[FaultKind::hup].observed == 2);
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("a false end of the stream tears a message apart, and both ends read it") {
  Lab lab;
  hang_up(lab, HangUp::end_of_stream);
  CHECK(lab.diary.lines() ==
        Lines{"2.35ms client halfhalf|end", "2.35ms client 8", "4.3ms server |end"});
  CHECK(lab.world.fault_counts()[FaultKind::hup].observed == 2);
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("hanging up where there is no stream is not counted") {
  Lab lab;
  CHECK_FALSE(lab.world.hang_up(lab.client, lab.server, HangUp::reset, 7));
  CHECK(lab.world.fault_counts()[FaultKind::hup].injected == 0);
}

TEST_CASE("which stream is hung up on depends on the pick alone") {
  std::vector<std::string> first_to_fail;
  for (const std::uint64_t pick : {1U, 2U, 3U, 4U, 5U, 6U, 1U}) {
    Lab lab;
    lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
    for (int count = 0; count < 4; ++count) {
      lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
        Stream stream = co_await connect_or_throw(env, in->at_server());
        const std::string got = co_await read(&stream);
        in->diary.note(env, stream.local_endpoint().to_string() + " " + got);
      });
    }
    lab.run_for(seconds(1));
    CHECK(lab.world.hang_up(lab.server, lab.client, HangUp::reset, pick));
    lab.run_for(seconds(1));
    REQUIRE(lab.diary.lines().size() == 1);
    first_to_fail.push_back(lab.diary.lines()[0]);
  }
  CHECK(first_to_fail.front() == first_to_fail.back());
  std::sort(first_to_fail.begin(), first_to_fail.end());
  CHECK(std::unique(first_to_fail.begin(), first_to_fail.end()) - first_to_fail.begin() > 1);
}

TEST_CASE("a stream that was hung up on with a shut window does not hang for ever") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return keeps(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await conformance::fill(env, &stream);
    CHECK(in->world.hang_up(in->client, in->server, HangUp::end_of_stream, 0));
    const std::string sent = co_await write(&stream, "more");
    in->diary.note(env, sent);
  });
  lab.run_for(minutes(3));
  REQUIRE(lab.diary.lines().size() == 1);
  CHECK(lab.diary.lines()[0].ends_with("ms broken_pipe"));
}

}  // namespace
}  // namespace piccolo::test
