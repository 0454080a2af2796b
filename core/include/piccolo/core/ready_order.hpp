#pragma once

// Which of the ready fibers of one executor runs next. A small value: fifo, random or pct(D), with
// a name that reads back.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace piccolo {

struct ReadyOrder {
  enum class Policy : std::uint8_t { fifo, random, pct };

  // More than anybody needs: what takes three or four events in the wrong order is a rare bug.
  static constexpr std::uint8_t depth_max = 16;

  // In the order of becoming ready.
  static const ReadyOrder fifo;
  // By a draw whose coordinates are the fiber and how often it was ready before.
  static const ReadyOrder random;
  // Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A randomized
  // scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010). Each fiber has a
  // priority for life, strictly observed; at `depth - 1` change points the fiber that was about to
  // run falls below all that never did. A bug that takes `depth` events in a certain order is found
  // with a known probability: `priority_changes.hpp`. 1 <= depth <= depth_max.
  static ReadyOrder pct(std::uint8_t depth) noexcept;

  Policy policy = Policy::fifo;
  std::uint8_t depth = 0;  // of pct, else 0

  bool operator==(const ReadyOrder&) const noexcept = default;
};

inline constexpr ReadyOrder ReadyOrder::fifo{Policy::fifo, 0};
inline constexpr ReadyOrder ReadyOrder::random{Policy::random, 0};

// "fifo", "random", "pct(3)".
std::string ready_order_name(ReadyOrder order);

// The order that `ready_order_name` names so. The error is one line with the cure.
std::expected<ReadyOrder, std::string> parse_ready_order(std::string_view name);

}  // namespace piccolo
