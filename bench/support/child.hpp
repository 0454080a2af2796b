#pragma once

// Work of another program: for what takes two builds to compare.

#include <string>
#include <vector>

#include "pair.hpp"

namespace piccolo::bench {

// CPU time of `program`, which lies beside this one, from its start to its end, on the fastest
// core. It prints the items that it did. Throws std::runtime_error when it cannot be run, or fails.
Cost child_cost(const std::string& program, const std::vector<std::string>& words);

}  // namespace piccolo::bench
