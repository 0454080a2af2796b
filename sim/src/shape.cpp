#include "shape.hpp"

#include <fmt/format.h>

#include <array>

#include "pick.hpp"

namespace piccolo::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

NodeConfig draw_node(const Random& random) {
  // The first values are the defaults, and drawn most often.
  constexpr std::array<std::uint32_t, 5> message_bytes{4, 4, 64, 1500, 20000};
  constexpr std::array<std::uint32_t, 4> messages{1, 1, 3, 10};
  constexpr std::array<std::uint32_t, 4> buffer_bytes{4096, 4096, 1000, 100};
  constexpr std::array<Duration, 4> hold{seconds(5), seconds(5), seconds(5), seconds(1)};
  constexpr std::array<Duration, 3> retry{seconds(2), seconds(2), milliseconds(500)};
  NodeConfig node;
  node.limits.message_bytes = pick(message_bytes, random.stream("message bytes"));
  const bool large = node.limits.message_bytes > 10'000;
  // Large messages in one piece, and not in crumbs: a seed should cost milliseconds.
  node.limits.messages = large ? 1 : pick(messages, random.stream("messages"));
  node.limits.buffer_bytes = large ? 4096 : pick(buffer_bytes, random.stream("echo buffer"));
  node.timing.hold = pick(hold, random.stream("hold"));
  node.timing.retry = pick(retry, random.stream("retry"));
  const std::int64_t growth = random.stream("back-off").chance(1, 2) ? 4 : 1;
  node.timing.retry_max = node.timing.retry * growth;
  return node;
}

void draw_layout(ClusterShape& shape, std::uint32_t nodes, bool spread, const Random& random) {
  // One seed in four puts two nodes or so on each machine.
  const bool packed = !spread && random.stream("layout").chance(1, 4);
  shape.hosts = packed ? (nodes + 1) / 2 : nodes;
  for (std::uint32_t node = 0; node < nodes; ++node) shape.host_of.push_back(node % shape.hosts);
  shape.bind = static_cast<ClusterShape::Bind>(random.stream("bind").below(4));
  shape.listing = static_cast<ClusterShape::Listing>(random.stream("listing").below(3));
}

}  // namespace

ClusterShape draw_shape(std::uint32_t nodes, bool spread, const Random& random) {
  ClusterShape shape;
  shape.node = draw_node(random);
  draw_layout(shape, nodes, spread, random);
  return shape;
}

std::string describe(const ClusterShape& shape) {
  constexpr std::array binds{"their address", "their name", "0.0.0.0", "::"};
  constexpr std::array listings{"address", "name", "address and name"};
  const LimitsConfig& limits = shape.node.limits;
  return fmt::format(
      "{} nodes on {} hosts, bound to {}, listed by {}; {} messages of {} bytes, echo buffer {}, "
      "hold {}, retry {}..{}",
      shape.host_of.size(), shape.hosts, binds[static_cast<std::size_t>(shape.bind)],
      listings[static_cast<std::size_t>(shape.listing)], limits.messages, limits.message_bytes,
      limits.buffer_bytes, format_duration(shape.node.timing.hold),
      format_duration(shape.node.timing.retry), format_duration(shape.node.timing.retry_max));
}

}  // namespace piccolo::sim
