#pragma once

// The world of Piccolo itself: a cluster of its nodes, everyone of which must find everyone.

#include "piccolo/core/node/parts.hpp"
#include "piccolo/sim/world_description.hpp"

namespace piccolo::sim {

// Called `piccolo`. Parameter `nodes`: 2 to 64. `parts` are those of the node under test.
WorldDescription cluster_world(NodeParts parts = {});

}  // namespace piccolo::sim
