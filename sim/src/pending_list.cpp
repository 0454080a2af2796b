#include "piccolo/sim/pending_list.hpp"

#include <algorithm>

namespace piccolo::sim::detail {
namespace {

constexpr std::size_t word_bits = 64;

std::uint64_t bit(std::size_t index) noexcept { return std::uint64_t{1} << (index % word_bits); }

}  // namespace

bool is_subset(const Bits& part, const Bits& whole) noexcept {
  for (std::size_t word = 0; word < part.size(); ++word) {
    const std::uint64_t other = word < whole.size() ? whole[word] : 0;
    if ((part[word] & ~other) != 0) return false;
  }
  return true;
}

PendingList::PendingList(const std::vector<Interval>& intervals)
    : next_(2 * intervals.size() + 1),
      previous_(2 * intervals.size() + 1),
      placed_(intervals.size() / word_bits + 1) {
  std::vector<std::pair<std::uint64_t, Node>> events;
  events.reserve(2 * intervals.size());
  for (std::size_t index = 0; index < intervals.size(); ++index) {
    events.emplace_back(intervals[index].called, call_node(index));
    events.emplace_back(intervals[index].returned, return_node(index));
  }
  std::ranges::sort(events);
  Node last = head;
  for (const auto& [position, node] : events) {
    next_[last] = node;
    previous_[node] = last;
    last = node;
  }
  next_[last] = head;
  previous_[head] = last;
}

std::size_t PendingList::most_urgent() const noexcept {
  Node node = first();
  while (!is_return(node)) node = next(node);
  return operation(node);
}

void PendingList::unlink(Node node) noexcept {
  next_[previous_[node]] = next_[node];
  previous_[next_[node]] = previous_[node];
}

void PendingList::link(Node node) noexcept {
  next_[previous_[node]] = node;
  previous_[next_[node]] = node;
}

void PendingList::lift(std::size_t operation) noexcept {
  unlink(call_node(operation));
  unlink(return_node(operation));
  placed_[operation / word_bits] |= bit(operation);
}

void PendingList::unlift(std::size_t operation) noexcept {
  link(return_node(operation));
  link(call_node(operation));
  placed_[operation / word_bits] &= ~bit(operation);
}

Bits PendingList::placed_beyond(std::size_t highest) const {
  const std::size_t from = first_pending() / word_bits;
  const std::size_t to = highest / word_bits + 1;
  if (to <= from) return {};
  Bits bits(placed_.begin() + static_cast<std::ptrdiff_t>(from),
            placed_.begin() + static_cast<std::ptrdiff_t>(to));
  // Of one set there is one spelling, whatever `highest` was once.
  while (!bits.empty() && bits.back() == 0) bits.pop_back();
  return bits;
}

}  // namespace piccolo::sim::detail
