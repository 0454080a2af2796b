#include "piccolo/core/priority_changes.hpp"

#include <algorithm>

#include "piccolo/core/random.hpp"

namespace piccolo {

PriorityChanges::PriorityChanges(std::uint64_t seed, std::size_t count) {
  for (std::uint64_t index = 0; index < count; ++index) {
    Draws draws = Random(seed).stream("priority change", index);
    const std::uint64_t first = std::uint64_t{1} << draws.below(magnitudes);
    changes_.push_back({first + draws.below(first), index});
  }
  std::sort(changes_.begin(), changes_.end());
}

void PriorityChanges::redraw(std::uint64_t seed) {
  changes_ = PriorityChanges(seed, changes_.size()).changes_;
  next_ = 0;
  while (next_ < changes_.size() && changes_[next_].decision <= decisions_) ++next_;
}

std::optional<std::uint64_t> PriorityChanges::strike() noexcept {
  if (next_ == changes_.size() || changes_[next_].decision != decisions_) return std::nullopt;
  return changes_[next_++].level;
}

}  // namespace piccolo
