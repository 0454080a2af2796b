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

TcpOptions draw_tcp(const Random& random) {
  constexpr std::array<std::uint32_t, 4> buffers{64 * 1024, 64 * 1024, 16 * 1024, 4 * 1024};
  constexpr std::array<std::uint32_t, 3> segments{1448, 536, 8948};
  constexpr std::array<Duration, 4> wake_delays{Duration(0), Duration(0), microseconds(50),
                                                milliseconds(5)};
  TcpOptions tcp;
  tcp.send_buffer = pick(buffers, random.stream("send buffer"));
  tcp.receive_buffer = pick(buffers, random.stream("receive buffer"));
  tcp.segment_bytes_max = pick(segments, random.stream("segment size"));
  tcp.wake_delay_max = pick(wake_delays, random.stream("wake delay"));
  return tcp;
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

// Most networks lose nothing by themselves; some lose a little for ever, or have little to give.
void draw_ills(LinkOptions& link, const Random& random) {
  constexpr std::uint32_t percent = ppm_always / 100;
  Draws draws = random.stream("ills");
  if (draws.chance(1, 8)) link.loss_ppm = static_cast<std::uint32_t>(draws.between(1, percent));
  if (draws.chance(1, 8)) link.duplicate_ppm = static_cast<std::uint32_t>(draws.below(percent));
  if (draws.chance(1, 8))
    link.reorder_ppm = static_cast<std::uint32_t>(draws.below(ppm_always / 10));
  if (draws.chance(1, 8)) {
    link.bandwidth_bytes_per_second = draws.between(1'000'000, 100'000'000);
    link.queue_bytes = draws.between(16'384, 262'144);
  }
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
  draw_ills(shape.world.link, random);
  shape.world.ready_order =
      random.stream("ready order").chance(1, 4) ? ReadyOrder::fifo : ReadyOrder::random;
  shape.node = draw_node(random);
  draw_layout(shape, options, random);
  for (std::uint32_t host = 0; host < shape.hosts; ++host) {
    shape.tcp_of.push_back(draw_tcp(random.child("tcp", host)));
  }
  return shape;
}

namespace {

std::string percent(std::uint32_t ppm) {
  return fmt::format("{}.{:04}%", ppm / 10'000, ppm % 10'000);
}

// ", losing 0.1200%, at 3,000,000 bytes/s"
std::string describe_ills(const LinkOptions& link) {
  std::string text;
  if (link.loss_ppm > 0) text += ", losing " + percent(link.loss_ppm);
  if (link.duplicate_ppm > 0) text += ", doubling " + percent(link.duplicate_ppm);
  if (link.reorder_ppm > 0) text += ", reordering " + percent(link.reorder_ppm);
  if (link.bandwidth_bytes_per_second > 0) {
    text += fmt::format(", {} bytes/s with a queue of {}", link.bandwidth_bytes_per_second,
                        link.queue_bytes);
  }
  return text;
}

}  // namespace

std::string describe(const ClusterShape& shape) {
  constexpr std::array binds{"their address", "their name", "0.0.0.0", "::"};
  constexpr std::array listings{"address", "name", "address and name"};
  constexpr std::array latencies{"constant", "uniform", "exponential", "long-tailed"};
  const LatencyModel& link = shape.world.link.latency;
  const LimitsConfig& limits = shape.node.limits;
  std::string text =
      fmt::format("{} nodes on {} hosts, bound to {}, listed by {}; {} links of {} + {}",
                  shape.host_of.size(), shape.hosts, binds[static_cast<std::size_t>(shape.bind)],
                  listings[static_cast<std::size_t>(shape.listing)],
                  latencies[static_cast<std::size_t>(link.shape)], format_duration(link.base),
                  format_duration(link.spread));
  text += describe_ills(shape.world.link);
  return text +
         fmt::format("; {} messages of {} bytes, echo buffer {}, hold {}, retry {}..{}; {} order",
                     limits.messages, limits.message_bytes, limits.buffer_bytes,
                     format_duration(shape.node.timing.hold),
                     format_duration(shape.node.timing.retry),
                     format_duration(shape.node.timing.retry_max),
                     shape.world.ready_order == ReadyOrder::fifo ? "fifo" : "random");
}

std::string describe(const TcpOptions& tcp) {
  return fmt::format("buffers {}/{}, segments {}, wakes readers within {}", tcp.send_buffer,
                     tcp.receive_buffer, tcp.segment_bytes_max,
                     format_duration(tcp.wake_delay_max));
}

}  // namespace piccolo
