#pragma once

// What a seed draws of a Piccolo cluster before its run: where the nodes are, and how they are
// configured.

#include <string>
#include <vector>

#include "piccolo/core/node/config.hpp"
#include "piccolo/core/random.hpp"

namespace piccolo::sim {

struct ClusterShape {
  NodeConfig node;                     // without the addresses, which the layout gives
  std::vector<std::uint32_t> host_of;  // by node: several nodes on a host climb for their ports
  std::uint32_t hosts = 0;
  enum class Bind : std::uint8_t { address, name, any_v4, any_v6 } bind = Bind::address;
  // How the nodes are listed in every node's configuration, its own entry included.
  enum class Listing : std::uint8_t { addresses, names, both } listing = Listing::addresses;
};

// `spread`: every node on a machine of its own.
ClusterShape draw_shape(std::uint32_t nodes, bool spread, const Random& random);

// One line: "5 nodes on 5 hosts, bound to their name, …"
std::string describe(const ClusterShape& shape);

}  // namespace piccolo::sim
