#pragma once

// What may be tried instead of a case but for its single faults: the simplest first.

#include "shrink/failing_case.hpp"

namespace piccolo::sim {

// Where candidates come from: a world, and the seed that broke it.
struct Origin {
  const WorldDescription& world;
  std::uint64_t seed;
};

// With one parameter lower, or at its default. `index`: which.
FailingCases smaller_parameter(const Origin& origin, const FailingCase& from, std::size_t index);
// Shorter. `broke_at`: when the invariant breaks now.
FailingCases shorter(const FailingCase& from, Duration broke_at);
// All faults earlier, and so is the end.
FailingCases earlier(const FailingCase& from);
// With simple links, tasks in their order, kernels as usual, everything healed, nothing by chance:
// all at once, and one by one.
FailingCases plainer(const Origin& origin, const FailingCase& from);

}  // namespace piccolo::sim
