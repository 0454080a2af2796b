#include "network.hpp"

#include <utility>

#include "talk.hpp"

namespace piccolo::conformance {

Address address_of(Place place, Address::Family family) {
  // As the simulator numbers its hosts.
  const auto number = static_cast<std::uint8_t>(place == Place::a ? 1 : 2);
  if (family == Address::Family::v4) return Address::v4(10, 0, 0, number);
  return Address::v6_bytes({0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number});
}

std::string Wire::timing(Duration measured, Duration by_the_rules) const {
  const auto [early, late] = tolerance(by_the_rules);
  const bool punctual = measured >= by_the_rules - early && measured <= by_the_rules + late;
  if (punctual) return "on time";
  return format_duration(measured) + " instead of " + format_duration(by_the_rules);
}

void play(Backend backend, const Setup& setup, Role at_a, Role at_b) {
  if (backend == Backend::sim) return play_in_simulator(setup, at_a, at_b);
  play_in_namespaces(setup, at_a, at_b);
}

Task<void> reached(Env& env, Wire* wire, int step) {
  while (wire->announced() < step) co_await env.clock.sleep_for(std::chrono::microseconds(500));
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
