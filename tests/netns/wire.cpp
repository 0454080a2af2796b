#include "wire.hpp"

namespace piccolo::netns {

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

Task<void> reached(Env& env, Wire* wire, int step) {
  while (wire->announced() < step) co_await env.clock.sleep_for(std::chrono::microseconds(500));
}

}  // namespace piccolo::netns
