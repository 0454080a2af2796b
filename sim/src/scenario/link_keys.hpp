#pragma once

// `[link]`, and `[[links]]` for pairs of hosts.

#include <span>
#include <string>
#include <vector>

#include "piccolo/sim/scenario.hpp"
#include "scenario/keys.hpp"

namespace piccolo::sim {

// Which hosts an entry of `[[links]]` is about.
struct LinkEnds {
  std::vector<std::string> between;
  std::string from;
  std::string to;
};

std::span<const Key<LinkOptions>> link_keys();
std::span<const Key<LinkEnds>> link_end_keys();

void read_link(const TomlValue& section, Scenario& scenario, Reading& reading);
// What an entry does not say is as in `[link]`, which must have been read.
void read_links(const TomlValue& list, Scenario& scenario, Reading& reading);

}  // namespace piccolo::sim
