// Connecting over a network that breaks.

#include "network.hpp"
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
  CHECK_HERE(wire->punctual(got.took, milliseconds(40)));
}

NETWORK_CASE("connecting where nobody listens is refused after one round trip") {
  play(backend, Setup(milliseconds(20)), is_refused, nobody);
}

Task<void> is_accepted(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  const Attempt got = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(got.outcome == "ok");
  CHECK_HERE(wire->punctual(got.took, milliseconds(40)));
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
  CHECK_HERE(wire->punctual(got.took, seconds(3)));  // a SYN, 1 s, another, 2 s
}

NETWORK_CASE("connecting to a machine that is cut off is timed_out when the SYNs are used up") {
  play(backend, with_syn_retries(1), is_cut_off, nobody);
}

Task<void> hears_nothing(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  wire->cut(Place::b);
  const Attempt got = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(got.outcome == "timed_out");
  CHECK_HERE(wire->punctual(got.took, seconds(3)));
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
  CHECK_HERE(wire->punctual(got.took, milliseconds(1002)));
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

// The first two fill a queue of one (Linux keeps one more than it is asked to), the third's SYN is
// dropped, and comes again.
Task<void> is_one_too_many(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  const Stream first = co_await connect_or_throw(env, service_at(Place::b));
  const Stream second = co_await connect_or_throw(env, service_at(Place::b));
  wire->announce(2);
  const Attempt third = co_await attempt(env, service_at(Place::b));
  CHECK_HERE(third.outcome == "ok");
  CHECK_HERE(wire->punctual(third.took, milliseconds(1002)));
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

}  // namespace
}  // namespace piccolo::conformance
