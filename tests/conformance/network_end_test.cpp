// How connections end: politely, by a process's exit, by a partition, by a power loss.

#include <utility>

#include "network.hpp"
#include "piccolo/core/scope.hpp"
#include "talk.hpp"

namespace piccolo::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Task<void> asks(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const std::string sent = co_await write(&stream, "ask");
  CHECK_HERE(sent == "3");
  CHECK_HERE(outcome(stream.shutdown_send()) == "ok");
  const std::string answer = co_await read_all(&stream);
  CHECK_HERE(answer == "answer|end");
}

Task<void> answers(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  const std::string question = co_await read_all(&stream);
  CHECK_HERE(question == "ask|end");
  const std::string sent = co_await write(&stream, "answer");
  CHECK_HERE(sent == "6");
  CHECK_HERE(outcome(stream.shutdown_send()) == "ok");
}

NETWORK_CASE("each direction ends by itself") {
  play(backend, Setup(milliseconds(5)), asks, answers);
}

// The FINs cross: each is sent before the other's arrives.
Task<void> ends_both(Env& env, Wire* wire, Stream stream, int mine, int yours) {
  const std::string sent = co_await write(&stream, "bye");
  CHECK_HERE(sent == "3");
  wire->announce(mine);
  co_await reached(env, wire, yours);
  CHECK_HERE(outcome(stream.shutdown_send()) == "ok");
  const std::string all = co_await read_all(&stream);
  CHECK_HERE(all == "bye|end");
}

Task<void> caller_ends(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  co_await reached(env, wire, 2);
  co_await ends_both(env, wire, std::move(stream), 3, 3);
}

Task<void> callee_ends(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  co_await ends_both(env, wire, std::move(stream), 2, 3);
}

NETWORK_CASE("both ends may end at the same time") {
  play(backend, Setup(milliseconds(20)), caller_ends, callee_ends);
}

Task<void> sees_the_end(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const std::string all = co_await read_all(&stream);
  CHECK_HERE(all == "last words|end");
}

Task<void> exits(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  const std::string sent = co_await write(&stream, "last words");
  CHECK_HERE(sent == "10");
}

NETWORK_CASE("a process that exits ends its streams after what it has written") {
  play(backend, Setup(milliseconds(5)), sees_the_end, exits);
}

Task<void> hears_the_end_late(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const std::string all = co_await read_all(&stream);
  CHECK_HERE(all == "|end");
  const auto ended = std::chrono::nanoseconds(static_cast<std::int64_t>(wire->noted()));
  const Duration took = env.clock.now().time_since_epoch() - ended;
  CHECK_HERE(wire->timing(took, milliseconds(203)) == "on time");
}

Task<void> ends_unheard(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  co_await env.clock.sleep_for(milliseconds(20));
  wire->note(static_cast<std::uint64_t>(env.clock.now().time_since_epoch().count()));
  wire->cut(Place::b);
  stream.close();
  wire->mend(Place::b);
}

NETWORK_CASE("an end that was lost is told again") {
  play(backend, Setup(milliseconds(1)), hears_the_end_late, ends_unheard);
}

Task<void> is_not_read(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const std::string sent = co_await write(&stream, "unread");
  CHECK_HERE(sent == "6");
  const std::string got = co_await read(&stream);
  CHECK_HERE(got == "connection_reset");
}

Task<void> exits_without_reading(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  co_await env.clock.sleep_for(milliseconds(100));
}

NETWORK_CASE("a process that exits with unread data resets the stream") {
  play(backend, Setup(milliseconds(5)), is_not_read, exits_without_reading);
}

// How long a writer hopes whose peer is cut off.
Task<Duration> hope(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  co_await reached(env, wire, 2);
  wire->cut(Place::a);
  wire->cut(Place::b);
  const TimePoint begun = env.clock.now();
  const std::string sent = co_await write(&stream, "anybody?");
  CHECK_HERE(sent == "8");
  const std::string got = co_await read(&stream);
  CHECK_HERE(got == "timed_out");
  const Duration hoped = env.clock.now() - begun;
  const std::string after = co_await write(&stream, "well");
  CHECK_HERE(after == "broken_pipe");
  wire->announce(3);
  co_return hoped;
}

Task<void> writes_into_silence(Env& env, Wire* wire) {
  const Duration hoped = co_await hope(env, wire);
  CHECK_HERE(hoped >= milliseconds(1400));
  CHECK_HERE(hoped < seconds(5));
}

Task<void> hears_nothing_of_it(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  std::string heard;
  Scope scope(env.executor);
  scope.spawn(read_into(&stream, &heard));
  wire->announce(2);
  co_await reached(env, wire, 3);
  co_await env.clock.sleep_for(milliseconds(50));
  CHECK_HERE(heard.empty());
  scope.cancel();
  co_await scope.join();
}

Setup with_two_retries(Duration one_way) {
  Setup setup(one_way);
  setup.kernel.retries2 = 2;
  return setup;
}

NETWORK_CASE("a partition times the writer out, and who waits in silence notices nothing") {
  play(backend, with_two_retries(milliseconds(1)), writes_into_silence, hears_nothing_of_it);
}

// tcp_retries2 counts no retries: it stands for the time that so many would take if the first came
// after 200 ms, here 1.4 s; the clock starts with the first retransmission, and is looked at with
// each further one. And before the first there is a probe of the tail, which does not count.
Task<void> is_given_up_at_a_short_distance(Env& env, Wire* wire) {
  const Duration hoped = co_await hope(env, wire);
  // Probe and first retransmission, 2, 4 (1.2 s have passed: not enough), and 8 times as much. The
  // time-out is 202 ms, in ticks 204.
  CHECK_HERE(wire->timing(hoped, milliseconds(204 * (1 + 1 + 2 + 4 + 8))) == "on time");
}

NETWORK_CASE("a writer is given up later than by counting retransmissions") {
  play(backend, with_two_retries(milliseconds(1)), is_given_up_at_a_short_distance,
       hears_nothing_of_it);
}

Task<void> is_given_up_at_a_long_distance(Env& env, Wire* wire) {
  const Duration hoped = co_await hope(env, wire);
  // The time-out is three round trips, 900 ms; the probe comes after 800.
  CHECK_HERE(wire->timing(hoped, milliseconds(800 + 900 + 1800)) == "on time");
}

NETWORK_CASE("over a long way it is given up sooner than by counting") {
  play(backend, with_two_retries(milliseconds(150)), is_given_up_at_a_long_distance,
       hears_nothing_of_it);
}

Task<void> comes_back(Env& env, Wire* wire) {
  Listener listener = listen_or_throw(env, Endpoint(Address(), service));
  wire->announce(3);
  const Stream stream = co_await accept_or_throw(&listener);
  co_await reached(env, wire, 4);
}

Task<void> outlives_the_peer(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  co_await reached(env, wire, 2);
  wire->power_off(Place::b);
  std::string heard;
  Scope scope(env.executor);
  scope.spawn(read_into(&stream, &heard));
  const std::string sent = co_await write(&stream, "anybody?");
  CHECK_HERE(sent == "8");
  co_await env.clock.sleep_for(milliseconds(500));
  CHECK_HERE(heard.empty());
  const TimePoint begun = env.clock.now();
  wire->power_on(Place::b, comes_back);
  co_await scope.join();
  CHECK_HERE(heard == "connection_reset");
  CHECK_HERE(env.clock.now() - begun < seconds(1));  // with the next retransmission
  co_await reached(env, wire, 3);
  const auto again = co_await env.network.connect(service_at(Place::b));
  CHECK_HERE(outcome(again) == "ok");
  wire->announce(4);
}

Task<void> loses_power(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  wire->announce(2);
  co_await read(&stream);
}

NETWORK_CASE("a peer that lost power is silent, and resets what it does not know when it is back") {
  play(backend, Setup(milliseconds(1)), outlives_the_peer, loses_power);
}

Task<void> keeps_asking(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const TimePoint begun = env.clock.now();
  KeepAlive how;
  how.enabled = true;
  how.idle = seconds(1);
  how.interval = seconds(1);
  how.probes = 1;
  CHECK_HERE(outcome(stream.set_keep_alive(how)) == "ok");
  co_await reached(env, wire, 2);
  // Both ways: giving up, the kernel sends a reset.
  wire->cut(Place::a);
  wire->cut(Place::b);
  const std::string got = co_await read(&stream);
  CHECK_HERE(got == "timed_out");
  CHECK_HERE(wire->timing(env.clock.now() - begun, seconds(2)) == "on time");
  wire->announce(3);
}

NETWORK_CASE("an idle stream that keeps asking is timed_out when nobody answers") {
  play(backend, Setup(milliseconds(1)), keeps_asking, hears_nothing_of_it);
}

Task<void> calls_twice(Env& env, Wire* wire) {
  {
    Stream stream = co_await call(env, wire);
    const std::string got = co_await read(&stream);
    CHECK_HERE(got == "end");
  }
  co_await reached(env, wire, 2);
  const auto again = co_await env.network.connect(service_at(Place::b));
  CHECK_HERE(outcome(again) == "ok");
  wire->announce(3);
}

Task<void> closes_first(Env& env, Wire* wire) {
  {
    Stream stream = co_await wait_for_call(env, wire);
  }
  co_await env.clock.sleep_for(milliseconds(50));
  const auto listener = env.network.listen(Endpoint(Address(), service));
  CHECK_HERE(outcome(listener) == "ok");
  wire->announce(2);
  co_await reached(env, wire, 3);
}

NETWORK_CASE("a server that closed first can listen on its port again, TIME_WAIT or not") {
  play(backend, Setup(milliseconds(1)), calls_twice, closes_first);
}

}  // namespace
}  // namespace piccolo::conformance
