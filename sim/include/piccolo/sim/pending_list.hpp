#pragma once

// For the linearizability checker: which operations may come next.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace piccolo::sim::detail {

using Bits = std::vector<std::uint64_t>;

// Whether each bit of `part` is in `whole`. Missing words are zeros.
bool is_subset(const Bits& part, const Bits& whole) noexcept;

// The calls and returns of the operations that have not been placed yet, in the order of the
// history: a doubly linked list, out of which an operation is lifted when it is placed, and into
// which it goes back in reverse order (Wing and Gong, J. Parallel Distrib. Comput. 17, 1993; Lowe,
// Concurr. Comput. 29, 2017). Those called before the first return in the list, and only those, can
// be next.
class PendingList {
 public:
  // When an operation was called and returned: positions in the history, all different.
  struct Interval {
    std::uint64_t called;
    std::uint64_t returned;
  };
  using Node = std::uint32_t;

  // Operations are numbered in the order of their calls, which is that of `intervals`.
  explicit PendingList(const std::vector<Interval>& intervals);

  bool empty() const noexcept { return next_[head] == head; }
  Node first() const noexcept { return next_[head]; }
  Node next(Node node) const noexcept { return next_[node]; }
  static bool is_return(Node node) noexcept { return node % 2 == 0; }
  static std::size_t operation(Node node) noexcept { return (node - 1) / 2; }
  // The operation that has to be placed before any that is called after its return. Not when empty.
  std::size_t most_urgent() const noexcept;

  void lift(std::size_t operation) noexcept;
  void unlift(std::size_t operation) noexcept;  // the last that was lifted

  // Together they tell which operations are placed, and are equal only for equal sets: all before
  // `first_pending`, and those in `placed_beyond`, which starts with the word of `first_pending`.
  // No operation after `highest` is placed. Not when empty.
  std::size_t first_pending() const noexcept { return operation(first()); }
  Bits placed_beyond(std::size_t highest) const;

 private:
  static constexpr Node head = 0;
  static Node call_node(std::size_t operation) noexcept {
    return static_cast<Node>(2 * operation + 1);
  }
  static Node return_node(std::size_t operation) noexcept { return call_node(operation) + 1; }
  void unlink(Node node) noexcept;
  void link(Node node) noexcept;

  std::vector<Node> next_;
  std::vector<Node> previous_;
  Bits placed_;
};

}  // namespace piccolo::sim::detail
