#pragma once

// What a seed draws before its run: what kind of network, machines and nodes it is about.

#include <string>
#include <vector>

#include "piccolo/core/node/config.hpp"
#include "piccolo/core/random.hpp"
#include "piccolo/net_sim/options.hpp"
#include "piccolo/sim/cluster.hpp"

namespace piccolo {

struct ClusterShape {
  WorldOptions world;
  std::vector<TcpOptions> tcp_of;      // by host: no two kernels are configured alike
  NodeConfig node;                     // without the addresses, which the layout gives
  std::vector<std::uint32_t> host_of;  // by node: several nodes on a host climb for their ports
  std::uint32_t hosts = 0;
  enum class Bind : std::uint8_t { address, name, any_v4, any_v6 } bind = Bind::address;
  // How the nodes are listed in every node's configuration, its own entry included.
  enum class Listing : std::uint8_t { addresses, names, both } listing = Listing::addresses;
};

ClusterShape draw_shape(const ClusterOptions& options, const Random& random);

// One line: "5 nodes on 5 hosts, uniform links of 80us + 300us, …"
std::string describe(const ClusterShape& shape);
// "buffers 65536/4096, segments 1448, …": sending and receiving buffer, in bytes.
std::string describe(const TcpOptions& tcp);

}  // namespace piccolo
