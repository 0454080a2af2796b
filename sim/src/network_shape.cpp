#include "piccolo/sim/network_shape.hpp"

#include <fmt/format.h>

#include <array>

#include "pick.hpp"

namespace piccolo::sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

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

LinkOptions draw_link(const Random& random) {
  LinkOptions link = draw_latency(random);
  draw_ills(link, random);
  return link;
}

TcpOptions draw_tcp(const Random& random) {
  constexpr std::array<std::uint32_t, 4> buffers{64 * 1024, 64 * 1024, 16 * 1024, 4 * 1024};
  constexpr std::array<std::uint32_t, 3> segments{1448, 536, 8948};
  constexpr std::array<Duration, 4> wake_delays{Duration(0), Duration(0), microseconds(50),
                                                milliseconds(5)};
  // Linux's, mostly; at once, and what BSD and Windows take.
  constexpr std::array<Duration, 4> ack_delays{milliseconds(40), milliseconds(40), Duration(0),
                                               milliseconds(200)};
  TcpOptions tcp;
  tcp.send_buffer = pick(buffers, random.stream("send buffer"));
  tcp.receive_buffer = pick(buffers, random.stream("receive buffer"));
  tcp.segment_bytes_max = pick(segments, random.stream("segment size"));
  tcp.wake_delay_max = pick(wake_delays, random.stream("wake delay"));
  tcp.ack_delay = pick(ack_delays, random.stream("ack delay"));
  return tcp;
}

std::string describe(const LinkOptions& link) {
  constexpr std::array latencies{"constant", "uniform", "exponential", "long-tailed"};
  const LatencyModel& latency = link.latency;
  return fmt::format("{} links of {} + {}{}", latencies[static_cast<std::size_t>(latency.shape)],
                     format_duration(latency.base), format_duration(latency.spread),
                     describe_ills(link));
}

std::string describe(const TcpOptions& tcp) {
  return fmt::format("buffers {}/{}, segments {}, wakes readers within {}, acknowledges within {}",
                     tcp.send_buffer, tcp.receive_buffer, tcp.segment_bytes_max,
                     format_duration(tcp.wake_delay_max), format_duration(tcp.ack_delay));
}

}  // namespace piccolo::sim
