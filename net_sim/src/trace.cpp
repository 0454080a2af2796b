#include "piccolo/net_sim/trace.hpp"

#include <algorithm>

namespace piccolo {
namespace {

constexpr std::array<std::string_view, 25> event_names{"event",
                                                       "process_started",
                                                       "process_ended",
                                                       "host_down",
                                                       "host_up",
                                                       "listen",
                                                       "connect",
                                                       "connected",
                                                       "connect_failed",
                                                       "accepted",
                                                       "read",
                                                       "write",
                                                       "failed",
                                                       "closed",
                                                       "packet_sent",
                                                       "packet_arrived",
                                                       "packet_lost",
                                                       "packet_duplicated",
                                                       "datagram_bound",
                                                       "datagram_sent",
                                                       "datagram_received",
                                                       "datagram_dropped",
                                                       "datagram_closed",
                                                       "fault",
                                                       "buggified"};

}  // namespace

std::string_view event_kind_name(EventKind kind) noexcept {
  return event_names[static_cast<std::size_t>(kind)];
}

std::vector<TraceEvent> Trace::last_events() const {
  const std::uint64_t kept = std::min<std::uint64_t>(count_, ring_size);
  std::vector<TraceEvent> events;
  events.reserve(kept);
  for (std::uint64_t index = count_ - kept; index < count_; ++index) {
    events.push_back(ring_[index % ring_size]);
  }
  return events;
}

}  // namespace piccolo
