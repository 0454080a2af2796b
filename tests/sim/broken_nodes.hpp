#pragma once

// Nodes with one mistake each, of the kind that people make. The simulator has to find every one,
// by the invariant that names the harm.

#include <string_view>
#include <vector>

#include "piccolo/core/node/parts.hpp"

namespace piccolo::test {

struct BrokenNode {
  std::string_view name;
  NodeParts parts;
  std::string_view invariant;
};

const std::vector<BrokenNode>& broken_nodes();

}  // namespace piccolo::test
