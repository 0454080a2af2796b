#include "network.hpp"

#include <utility>

#include "talk.hpp"

namespace piccolo::conformance {

void play(Backend backend, const Setup& setup, const Role& at_a, const Role& at_b) {
  if (backend == Backend::netns) {
    if (namespaces_permitted()) netns::run_in_namespaces(setup, at_a, at_b, 1);
    return;
  }
  constexpr std::uint64_t schedules = 6;
  for (std::uint64_t seed = 0; seed < schedules; ++seed) {
    INFO("seed " << seed);
    netns::run_in_simulator(setup, at_a, at_b, seed);
  }
}

Task<void> nobody(Env&, Wire*) { co_return; }

Task<Stream> wait_for_call(Env& env, Wire* wire) {
  Listener listener = listen_or_throw(env, Endpoint(Address(), service));
  wire->announce(1);
  Stream stream = co_await accept_or_throw(&listener);
  co_return stream;
}

Task<Stream> call(Env& env, Wire* wire) {
  co_await reached(env, wire, 1);
  Stream stream = co_await connect_or_throw(env, service_at(Place::b));
  co_return stream;
}

}  // namespace piccolo::conformance
