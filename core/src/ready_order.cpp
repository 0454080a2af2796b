#include "piccolo/core/ready_order.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "piccolo/core/assert.hpp"

namespace piccolo {
namespace {

bool is_depth(unsigned depth) noexcept { return depth >= 1 && depth <= ReadyOrder::depth_max; }

// The depth in "pct(3)", written as it is printed: no sign, no leading zero.
std::optional<std::uint8_t> depth_in(std::string_view name) {
  constexpr std::string_view before = "pct(";
  if (!name.starts_with(before) || !name.ends_with(')')) return std::nullopt;
  const std::string_view digits = name.substr(before.size(), name.size() - before.size() - 1);
  unsigned depth = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), depth);
  if (error != std::errc() || end != digits.end()) return std::nullopt;
  if (!is_depth(depth) || digits.front() == '0') return std::nullopt;
  return static_cast<std::uint8_t>(depth);
}

}  // namespace

ReadyOrder ReadyOrder::pct(std::uint8_t depth) noexcept {
  PICCOLO_ASSERT(is_depth(depth), "a pct order was given a depth below 1 or above the most");
  return ReadyOrder{Policy::pct, depth};
}

std::string ready_order_name(ReadyOrder order) {
  switch (order.policy) {
    case ReadyOrder::Policy::fifo:
      return "fifo";
    case ReadyOrder::Policy::random:
      return "random";
    case ReadyOrder::Policy::pct:
      return fmt::format("pct({})", order.depth);
  }
  return {};
}

std::expected<ReadyOrder, std::string> parse_ready_order(std::string_view name) {
  if (name == "fifo") return ReadyOrder::fifo;
  if (name == "random") return ReadyOrder::random;
  if (const auto depth = depth_in(name)) return ReadyOrder::pct(*depth);
  return std::unexpected(
      fmt::format("`{}` is no order of ready tasks; give `fifo`, `random`, or `pct(D)` with a "
                  "depth D from 1 to {}",
                  name, ReadyOrder::depth_max));
}

}  // namespace piccolo
