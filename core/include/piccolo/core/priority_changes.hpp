#pragma once

// The change points of pct (`ready_order.hpp`): when a fiber that was about to run falls below the
// others. Only the executor and its tests need this header.
//
// Burckhardt and others count all steps and draw each change point evenly from the k steps of the
// program. Here only decisions are counted: the choices of a fiber while another was ready, too. No
// other moment can change the order. And since k is not known before the run, a change point is
// drawn evenly from `magnitudes` powers of two, then evenly within: it falls on decision s with
// p >= 1 / (magnitudes * s). Of n fibers, a bug of depth d that needs the first k decisions is
// found by a seed with
//     p >= 1/n * (1 / (magnitudes * k))^(d-1)
// however long the run goes on.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace piccolo {

class PriorityChanges {
 public:
  // Decisions beyond 2^16 are changed by nobody: a node makes fewer in a simulated minute, and each
  // magnitude more takes its share of the chances of all others.
  static constexpr std::uint64_t magnitudes = 16;

  PriorityChanges() = default;  // none
  // `count` of them; each a function of the seed and its index alone.
  PriorityChanges(std::uint64_t seed, std::size_t count);

  // As many, of another seed; those that would have come by now do not come any more.
  void redraw(std::uint64_t seed);

  // The next decision is made.
  void decide() noexcept { ++decisions_; }
  // A change that falls on it and was not given out yet: the level that the fiber falls to. A
  // higher one runs later. Levels are the indices and so independent of the moments: of two fibers
  // that fell, either may be the lower.
  std::optional<std::uint64_t> strike() noexcept;

 private:
  struct Change {
    std::uint64_t decision;
    std::uint64_t level;
    auto operator<=>(const Change&) const = default;
  };

  std::vector<Change> changes_;  // in their order
  std::size_t next_ = 0;
  std::uint64_t decisions_ = 0;
};

}  // namespace piccolo
