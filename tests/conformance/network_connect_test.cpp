// Connecting over a network that breaks.

#include <utility>
#include <vector>

#include "network.hpp"
#include "piccolo/core/scope.hpp"
#include "talk.hpp"

namespace piccolo::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Attempt {
  std::string outcome;
  Duration took{0};
};

Task<Attempt> attempt(Env& env, Endpoint to) {
  const TimePoint begun = env.clock.now();
  const auto stream = co_await env.network.connect(to);
  co_return Attempt{outcome(stream), env.clock.now() - begun};
}

Setup with_syn_retries(std::uint32_t retries) {
  Setup setup;
  setup.kernel.syn_retries = retries;
  setup.kernel.synack_retries = retries;
  return setup;
}

Task<void> is_refused(Env& env, Wire* wire) {
  const Attempt got = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(got.outcome == "connection_refused");
  CHECK_HERE(got.took >= milliseconds(40));
  CHECK_HERE(wire->timing(got.took, milliseconds(40)) == "on time");
}

NETWORK_CASE("connecting where nobody listens is refused after one round trip") {
  play(backend, Setup(milliseconds(20)), is_refused, nobody);
}

Task<void> is_accepted(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  const Attempt got = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(got.outcome == "ok");
  CHECK_HERE(got.took >= milliseconds(40));
  CHECK_HERE(wire->timing(got.took, milliseconds(40)) == "on time");
}

Task<void> accepts(Env& env, Wire* wire) {
  const Stream stream = co_await wait_for_call(env, wire);
  CHECK_HERE(stream.is_open());
}

NETWORK_CASE("connecting takes one round trip") {
  play(backend, Setup(milliseconds(20)), is_accepted, accepts);
}

Task<void> is_cut_off(Env& env, Wire* wire) {
  wire->cut(Place::a);
  wire->cut(Place::b);
  const Attempt got = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(got.outcome == "timed_out");
  CHECK_HERE(wire->timing(got.took, seconds(3)) == "on time");  // a SYN, 1 s, another, 2 s
}

NETWORK_CASE("connecting to a machine that is cut off is timed_out when the SYNs are used up") {
  play(backend, with_syn_retries(1), is_cut_off, nobody);
}

Task<void> hears_nothing(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  wire->cut(Place::b);
  const Attempt got = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(got.outcome == "timed_out");
  CHECK_HERE(wire->timing(got.took, seconds(3)) == "on time");
  wire->announce(2);
}

Task<void> accepts_nobody(Env& env, Wire* wire) {
  Listener listener = listen_or_throw(env, Endpoint(Address(), service));
  wire->announce(1);
  co_await reached(env, wire, 2);
}

NETWORK_CASE("connecting while only the way back is cut is timed_out") {
  play(backend, with_syn_retries(1), hears_nothing, accepts_nobody);
}

Task<void> is_patient(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  const Attempt got = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(got.outcome == "ok");
  CHECK_HERE(wire->timing(got.took, milliseconds(1002)) == "on time");
}

Task<void> is_cut_for_a_while(Env& env, Wire* wire) {
  Listener listener = listen_or_throw(env, Endpoint(Address(), service));
  wire->cut(Place::a);
  wire->announce(1);
  co_await env.clock.sleep_for(milliseconds(500));
  wire->mend(Place::a);
  const Stream stream = co_await accept_or_throw(&listener);
  CHECK_HERE(stream.is_open());
}

NETWORK_CASE("connecting while the way is cut succeeds with the SYN that follows its healing") {
  play(backend, with_syn_retries(2), is_patient, is_cut_for_a_while);
}

Task<void> hears_late(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  wire->cut(Place::b);
  wire->announce(2);
  const Attempt got = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(got.outcome == "ok");
  CHECK_HERE(wire->timing(got.took, milliseconds(1002)) == "on time");
}

Task<void> is_unheard_for_a_while(Env& env, Wire* wire) {
  Listener listener = listen_or_throw(env, Endpoint(Address(), service));
  wire->announce(1);
  co_await reached(env, wire, 2);
  co_await env.clock.sleep_for(milliseconds(500));
  wire->mend(Place::b);
  const Stream stream = co_await accept_or_throw(&listener);
  CHECK_HERE(stream.is_open());
}

NETWORK_CASE("connecting while the way back is cut succeeds after its healing") {
  play(backend, with_syn_retries(2), hears_late, is_unheard_for_a_while);
}

Task<void> cut_soon(Env& env, Wire* wire) {
  co_await env.clock.sleep_for(milliseconds(60));
  wire->cut(Place::a);
}

// The SYN passes, its answer is on its way, and what answers that is lost.
Task<Stream> call_losing_the_last_word(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  Scope scope(env.executor);
  scope.spawn(cut_soon(env, wire));
  Stream stream = co_await connect_or_throw(env, service_at(Place::b));
  wire->mend(Place::a);
  co_await scope.join();
  co_return stream;
}

Task<void> listens_after_the_handshake(Env& env, Wire* wire) {
  const TimePoint begun = env.clock.now();
  Stream stream = co_await call_losing_the_last_word(env, wire);
  const std::string greeting = co_await read(&stream);
  CHECK_HERE(greeting == "[hello]");
  // The SYN-ACK comes again a second later, is answered, and then there is the greeting.
  CHECK_HERE(wire->timing(env.clock.now() - begun, milliseconds(40 + 1000 + 120)) == "on time");
}

Task<void> greets(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  const std::string sent = co_await write(&stream, "hello");
  CHECK_HERE(sent == "5");
}

NETWORK_CASE("without the last word of the handshake the server says its own again") {
  play(backend, Setup(milliseconds(40)), listens_after_the_handshake, greets);
}

Task<void> speaks_after_the_handshake(Env& env, Wire* wire) {
  const TimePoint begun = env.clock.now();
  Stream stream = co_await call_losing_the_last_word(env, wire);
  const std::string sent = co_await write(&stream, "hi");
  CHECK_HERE(sent == "2");
  const std::string greeting = co_await read(&stream);
  CHECK_HERE(greeting == "[hello]");
  CHECK_HERE(wire->timing(env.clock.now() - begun, milliseconds(160)) == "on time");
}

Task<void> listens_and_greets(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  const std::string got = co_await read(&stream);
  CHECK_HERE(got == "[hi]");
  co_await write(&stream, "hello");
}

NETWORK_CASE("the first bytes serve as the last word of the handshake") {
  play(backend, Setup(milliseconds(40)), speaks_after_the_handshake, listens_and_greets);
}

Task<void> is_accepted_over_v6(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  const Endpoint to(address_of(Place::b, Address::Family::v6), service);
  Stream stream = co_await connect_or_throw(env, to);
  CHECK_HERE(stream.local_endpoint().address == address_of(Place::a, Address::Family::v6));
  const std::string got = co_await read(&stream);
  CHECK_HERE(got == "[six]");
}

Task<void> accepts_over_v6(Env& env, Wire* wire) {
  const Endpoint any(Address::any(Address::Family::v6), service);
  Listener listener = listen_or_throw(env, any);
  wire->announce(1);
  Stream stream = co_await accept_or_throw(&listener);
  CHECK_HERE(stream.remote_endpoint().address == address_of(Place::a, Address::Family::v6));
  const std::string sent = co_await write(&stream, "six");
  CHECK_HERE(sent == "3");
}

NETWORK_CASE("IPv6 works between two machines") {
  play(backend, Setup(milliseconds(1)), is_accepted_over_v6, accepts_over_v6);
}

// The first two fill a queue of one (Linux keeps one more than it is asked to), the third's SYN is
// dropped, and comes again.
Task<void> is_one_too_many(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  const Stream first = co_await connect_or_throw(env, service_at(Place::b));
  const Stream second = co_await connect_or_throw(env, service_at(Place::b));
  co_await env.clock.sleep_for(milliseconds(10));  // the last word of its handshake arrives
  wire->announce(2);
  const Attempt third = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(third.outcome == "ok");
  CHECK_HERE(wire->timing(third.took, milliseconds(1002)) == "on time");
  wire->announce(3);
}

Task<void> accepts_late(Env& env, Wire* wire) {
  Listener listener = listen_or_throw(env, Endpoint(Address(), service), 1);
  wire->announce(1);
  co_await reached(env, wire, 2);
  co_await env.clock.sleep_for(milliseconds(300));
  const Stream first = co_await accept_or_throw(&listener);
  const Stream second = co_await accept_or_throw(&listener);
  const Stream third = co_await accept_or_throw(&listener);
  co_await reached(env, wire, 3);
}

NETWORK_CASE("a SYN that finds the backlog full is dropped, and accepted when it comes again") {
  play(backend, with_syn_retries(2), is_one_too_many, accepts_late);
}

Task<void> has_no_route(Env& env, Wire*) {
  const Attempt got = co_await attempt(env, Endpoint(Address::v4(192, 0, 2, 1), service));
  CHECK_HERE(got.outcome == "network_unreachable");
}

// A simulated host has a default route, into nowhere.
NETWORK_CASE_NOT_YET_SIMULATED("an address without a route to it is network_unreachable") {
  play(backend, with_syn_retries(1), has_no_route, nobody);
}

Setup with_local_ports(std::uint16_t first, std::uint16_t last) {
  Setup setup;
  setup.kernel.first_local_port = first;
  setup.kernel.last_local_port = last;
  return setup;
}

Task<void> uses_up_the_ports(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  std::vector<Stream> streams;
  for (int count = 0; count < 4; ++count) {
    Stream stream = co_await connect_or_throw(env, service_at(Place::b));
    streams.push_back(std::move(stream));
  }
  const Attempt fifth = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(fifth.outcome == "address_not_available");
  streams.clear();
  co_await env.clock.sleep_for(milliseconds(50));
  // Closed first by us, they are in TIME_WAIT.
  const Attempt again = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(again.outcome == "address_not_available");
  wire->announce(2);
}

Task<void> closes_second(Env& env, Wire* wire) {
  Listener listener = listen_or_throw(env, Endpoint(Address(), service));
  wire->announce(1);
  for (int count = 0; count < 4; ++count) {
    Stream stream = co_await accept_or_throw(&listener);
    const std::string got = co_await read(&stream);
    CHECK_HERE(got == "end");
  }
  co_await reached(env, wire, 2);
}

NETWORK_CASE(
    "connecting without a free local port is address_not_available, in TIME_WAIT as well") {
  play(backend, with_local_ports(40000, 40003), uses_up_the_ports, closes_second);
}

Task<void> calls_its_only_port(Env& env, Wire*) {
  const Attempt got = co_await attempt(env, loopback(40000));
  CHECK_HERE(got.outcome == "connection_refused");
}

NETWORK_CASE("connecting to the only local port there is meets nobody, and not oneself") {
  play(backend, with_local_ports(40000, 40000), calls_its_only_port, nobody);
}

}  // namespace
}  // namespace piccolo::conformance
