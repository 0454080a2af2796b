// When data is acknowledged: counted on the wire, since no program can see it.

#include <algorithm>
#include <array>
#include <vector>

#include "network.hpp"
#include "piccolo/core/stream_io.hpp"
#include "talk.hpp"

namespace piccolo::conformance {
namespace {

using std::chrono::milliseconds;

struct Sent {
  std::uint64_t by_caller = 0;
  std::uint64_t by_callee = 0;
};

Sent sent_so_far(Wire* wire) { return {wire->packets(Place::a), wire->packets(Place::b)}; }
Sent operator-(const Sent& after, const Sent& before) {
  return {after.by_caller - before.by_caller, after.by_callee - before.by_callee};
}

// Answers so many messages.
Task<void> answer_messages(Stream* stream, int count) {
  for (int message = 0; message < count; ++message) {
    const std::string asked = co_await read(stream);
    CHECK_HERE(asked == "[ask]");
    co_await write(stream, "answer");
  }
}

Task<void> ask(Stream* stream, int count) {
  for (int message = 0; message < count; ++message) {
    co_await write(stream, "ask");
    const std::string answer = co_await read(stream);
    CHECK_HERE(answer == "[answer]");
  }
}

constexpr int warm_up = 20;
// How long an answer may take. A thread that was kept waiting for longer tells nothing.
constexpr Duration patience = milliseconds(38);

Task<void> asks_and_counts(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  co_await ask(&stream, warm_up);
  const Sent before = sent_so_far(wire);
  co_await ask(&stream, 20);
  const Sent sent = sent_so_far(wire) - before;
  // One each for each question and answer; a thread that was kept waiting for 40 ms costs one more.
  CHECK_HERE(sent.by_caller >= 20);
  CHECK_HERE(sent.by_caller <= 24);
  CHECK_HERE(sent.by_callee >= 20);
  CHECK_HERE(sent.by_callee <= 24);
}

Task<void> answers_all(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  co_await answer_messages(&stream, warm_up + 20);
  const std::string end = co_await read(&stream);
  CHECK_HERE(end == "end");
}

NETWORK_CASE("an answer takes along the acknowledgement of what it answers") {
  play(backend, Setup(milliseconds(1)), asks_and_counts, answers_all);
}

Task<void> asks_first(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const Sent before = sent_so_far(wire);
  co_await ask(&stream, 1);
  // The answer, and before it the acknowledgement: a stream starts in haste.
  CHECK_HERE((sent_so_far(wire) - before).by_callee == 2);
  wire->announce(2);
}

Task<void> answers_first(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  co_await answer_messages(&stream, 1);
  co_await reached(env, wire, 2);
}

NETWORK_CASE("the first message is acknowledged before it is answered") {
  play(backend, Setup(milliseconds(1)), asks_first, answers_first);
}

Task<void> tells_the_deaf(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const Sent before = sent_so_far(wire);
  for (int message = 0; message < 5; ++message) {
    co_await write(&stream, "tell");
    co_await env.clock.sleep_for(milliseconds(5));
  }
  CHECK_HERE((sent_so_far(wire) - before).by_callee == 5);
  wire->announce(2);
}

Task<void> reads_late(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  co_await reached(env, wire, 2);
  const std::size_t all = co_await drain(&stream);
  CHECK_HERE(all == 20);
}

NETWORK_CASE("the first messages are acknowledged though nobody reads them") {
  play(backend, Setup(milliseconds(1)), tells_the_deaf, reads_late);
}

Task<void> asks_in_vain(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  co_await ask(&stream, warm_up);
  const Sent before = sent_so_far(wire);
  co_await write(&stream, "ask");
  const TimePoint asked = env.clock.now();
  co_await env.clock.sleep_for(milliseconds(25));
  const Sent early = sent_so_far(wire) - before;
  if (env.clock.now() - asked < patience) CHECK_HERE(early.by_callee == 0);
  co_await env.clock.sleep_for(milliseconds(125));
  CHECK_HERE((sent_so_far(wire) - before).by_callee == 1);
  CHECK_HERE((sent_so_far(wire) - before).by_caller == 1);
  wire->announce(2);
}

Task<void> answers_all_but_the_last(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  co_await answer_messages(&stream, warm_up);
  const std::string asked = co_await read(&stream);
  CHECK_HERE(asked == "[ask]");
  co_await reached(env, wire, 2);
}

NETWORK_CASE("what is not answered after all is acknowledged 40 ms later") {
  play(backend, Setup(milliseconds(1)), asks_in_vain, answers_all_but_the_last);
}

Task<void> tells(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  Sent before;
  for (int message = 0; message < 40; ++message) {
    if (message == 20) before = sent_so_far(wire);
    co_await write(&stream, "tell");
    co_await env.clock.sleep_for(milliseconds(10));
  }
  const Sent sent = sent_so_far(wire) - before;
  CHECK_HERE(sent.by_caller == 20);
  // Unread, they would be acknowledged every 40 ms; a thread that was kept waiting reads several.
  CHECK_HERE(sent.by_callee >= 10);
  CHECK_HERE(sent.by_callee <= 20);
}

Task<void> listens(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  const std::size_t all = co_await drain(&stream);
  CHECK_HERE(all == 160);
}

NETWORK_CASE("who only listens acknowledges each small message when it has read it") {
  play(backend, Setup(milliseconds(1)), tells, listens);
}

constexpr std::size_t much = 2'000'000;

Task<void> pours(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const std::vector<std::byte> data(much);
  const std::span<const std::byte> bytes(data);
  const Sent before = sent_so_far(wire);
  const auto done = co_await write_all(stream, bytes);
  CHECK_HERE(outcome(done) == "ok");
  CHECK_HERE(outcome(stream.shutdown_send()) == "ok");
  const std::string end = co_await read(&stream);
  CHECK_HERE(end == "end");
  const Sent sent = sent_so_far(wire) - before;
  CHECK_HERE(sent.by_caller >= much / 1448);
  // Half as many, and some more while the stream is young. A kernel that is kept waiting takes many
  // segments at once, and acknowledges the last.
  CHECK_HERE(2 * sent.by_callee < sent.by_caller + sent.by_caller / 10);
  CHECK_HERE(40 * sent.by_callee > sent.by_caller);
}

Task<void> swallows(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  const std::size_t all = co_await drain(&stream);
  CHECK_HERE(all == much);
}

NETWORK_CASE("of full segments every other one is acknowledged, at most") {
  Setup setup(milliseconds(1));
  setup.kernel.buffer_bytes = 256 * 1024;
  play(backend, setup, pours, swallows);
}

// While the stream is young, so that it is the end alone for whose sake nothing is sent at once.
Task<void> takes_leave(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  co_await ask(&stream, 1);
  const Sent before = sent_so_far(wire);
  CHECK_HERE(outcome(stream.shutdown_send()) == "ok");
  const TimePoint ended = env.clock.now();
  const std::string end = co_await read(&stream);
  CHECK_HERE(end == "end");
  const bool in_time = env.clock.now() - ended < patience;
  stream.close();
  co_await env.clock.sleep_for(milliseconds(100));
  const Sent sent = sent_so_far(wire) - before;
  CHECK_HERE(sent.by_caller == 2);
  if (in_time) CHECK_HERE(sent.by_callee == 1);
}

Task<void> leaves_as_well(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  co_await answer_messages(&stream, 1);
  const std::string end = co_await read(&stream);
  CHECK_HERE(end == "end");
}

NETWORK_CASE("an end that is answered by an end takes three packets") {
  play(backend, Setup(milliseconds(1)), takes_leave, leaves_as_well);
}

}  // namespace
}  // namespace piccolo::conformance
