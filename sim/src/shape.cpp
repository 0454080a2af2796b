#include "piccolo/sim/shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace piccolo {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

template <class T, std::size_t N>
const T& pick(const std::array<T, N>& choice, Draws draws) {
  return choice[draws.below(N)];
}

LatencyModel draw_latency(const Random& random) {
  Draws draws = random.stream("latency");
  LatencyModel model;
  switch (draws.below(4)) {
    case 0:  // one switch
      model.base = draws.between(Duration(microseconds(20)), Duration(microseconds(200)));
      break;
    case 1:  // a busy local network
      model.shape = LatencyModel::Shape::uniform;
      model.base = microseconds(50);
      model.spread = draws.between(Duration(microseconds(50)), Duration(milliseconds(2)));
      break;
    case 2:  // a wide-area network
      model.shape = LatencyModel::Shape::uniform;
      model.base = draws.between(Duration(milliseconds(5)), Duration(milliseconds(80)));
      model.spread = draws.between(Duration(milliseconds(1)), Duration(milliseconds(40)));
      break;
    default:  // mostly quick, seldom very slow
      model.shape = LatencyModel::Shape::long_tailed;
      model.base = microseconds(200);
      model.spread = draws.between(Duration(milliseconds(20)), Duration(milliseconds(400)));
      break;
  }
  return model;
}

void draw_tcp(TcpOptions& tcp, const Random& random) {
  constexpr std::array<std::uint32_t, 4> buffers{64 * 1024, 64 * 1024, 16 * 1024, 4 * 1024};
  constexpr std::array<std::uint32_t, 3> segments{1448, 536, 8948};
  tcp.send_buffer = pick(buffers, random.stream("send buffer"));
  tcp.receive_buffer = pick(buffers, random.stream("receive buffer"));
  tcp.segment_bytes_max = pick(segments, random.stream("segment size"));
}

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

void draw_layout(ClusterShape& shape, const ClusterOptions& options, const Random& random) {
  const std::uint32_t nodes = options.nodes;
  // One seed in four puts two nodes or so on each machine.
  const bool packed = !options.listed && random.stream("layout").chance(1, 4);
  shape.hosts = packed ? (nodes + 1) / 2 : nodes;
  for (std::uint32_t node = 0; node < nodes; ++node) shape.host_of.push_back(node % shape.hosts);
  shape.bind = static_cast<ClusterShape::Bind>(random.stream("bind").below(4));
  shape.listing = static_cast<ClusterShape::Listing>(random.stream("listing").below(3));
}

}  // namespace

ClusterShape draw_shape(const ClusterOptions& options, const Random& random) {
  ClusterShape shape;
  shape.world.link = draw_latency(random);
  shape.world.ready_order =
      random.stream("ready order").chance(1, 4) ? ReadyOrder::fifo : ReadyOrder::random;
  draw_tcp(shape.world.tcp, random);
  shape.node = draw_node(random);
  draw_layout(shape, options, random);
  return shape;
}

std::string describe(const ClusterShape& shape) {
  constexpr std::array binds{"their address", "their name", "0.0.0.0", "::"};
  constexpr std::array listings{"address", "name", "address and name"};
  constexpr std::array latencies{"constant", "uniform", "exponential", "long-tailed"};
  const LatencyModel& link = shape.world.link.latency;
  const TcpOptions& tcp = shape.world.tcp;
  const LimitsConfig& limits = shape.node.limits;
  return fmt::format(
      "{} nodes on {} hosts, bound to {}, listed by {}; {} links of {} + {}; buffers {}/{}, "
      "segments {}; {} messages of {} bytes, echo buffer {}, hold {}, retry {}..{}; {} order",
      shape.host_of.size(), shape.hosts, binds[static_cast<std::size_t>(shape.bind)],
      listings[static_cast<std::size_t>(shape.listing)],
      latencies[static_cast<std::size_t>(link.shape)], format_duration(link.base),
      format_duration(link.spread), tcp.send_buffer, tcp.receive_buffer, tcp.segment_bytes_max,
      limits.messages, limits.message_bytes, limits.buffer_bytes,
      format_duration(shape.node.timing.hold), format_duration(shape.node.timing.retry),
      format_duration(shape.node.timing.retry_max),
      shape.world.ready_order == ReadyOrder::fifo ? "fifo" : "random");
}

}  // namespace piccolo
