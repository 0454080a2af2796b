#pragma once

// For the linearizability checker: the configurations that were seen, compared exactly.

#include <concepts>
#include <cstddef>
#include <list>
#include <map>
#include <type_traits>
#include <utility>
#include <vector>

#include "piccolo/sim/pending_list.hpp"

namespace piccolo::sim::detail {

// A configuration is the set of returned operations that are placed, the state after them, and the
// set of unknown operations that were used to get there. One that used a subset of another's
// unknown operations, all else equal, can do whatever the other can, in as many steps: so the other
// is left out, even while the better one is still being searched.
template <class State>
class VisitedStates {
 public:
  explicit VisitedStates(std::size_t operations) : by_first_(operations) {}

  // The state, at an address that lasts as long as this; nullptr if nothing new is to be found
  // there. `first` and `beyond`: PendingList::first_pending() and placed_beyond().
  const State* enter(std::size_t first, const Bits& beyond, State state, const Bits& used) {
    auto& [kept, ways] = entry(by_first_[first][beyond], std::move(state));
    for (const Bits& better : ways) {
      if (is_subset(better, used)) return nullptr;
    }
    std::erase_if(ways, [&used](const Bits& worse) { return is_subset(used, worse); });
    ways.push_back(used);
    return &kept;
  }

 private:
  using Ways = std::vector<Bits>;  // none is a subset of another
  static constexpr bool ordered = std::totally_ordered<State>;
  using Entries =
      std::conditional_t<ordered, std::map<State, Ways>, std::list<std::pair<const State, Ways>>>;

  static std::pair<const State, Ways>& entry(Entries& entries, State state) {
    if constexpr (ordered) {
      return *entries.try_emplace(std::move(state)).first;
    } else {
      for (auto& known : entries) {
        if (known.first == state) return known;
      }
      return entries.emplace_back(std::move(state), Ways());
    }
  }

  std::vector<std::map<Bits, Entries>> by_first_;
};

}  // namespace piccolo::sim::detail
