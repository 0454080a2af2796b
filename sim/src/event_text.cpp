#include "event_text.hpp"

#include <fmt/format.h>

#include "piccolo/core/error.hpp"

namespace piccolo::sim {
namespace {

// A packet's tag: of TCP flags, and to which end; of datagrams the fragment.
constexpr std::uint64_t datagram_tag = 0x8000;
constexpr std::uint64_t unreachable_tag = 0x4000;
constexpr std::uint64_t to_server_tag = 0x100;
enum TcpTag : std::uint8_t { syn = 1, ack = 2, fin = 4, rst = 8, probe = 16 };

std::string_view flags_of(std::uint64_t tag, std::uint64_t length) {
  if ((tag & rst) != 0) return "RST";
  if ((tag & syn) != 0) return (tag & ack) != 0 ? "SYN-ACK" : "SYN";
  if ((tag & fin) != 0) return "FIN";
  if ((tag & probe) != 0) return "probe";
  return length > 0 ? "data" : "ACK";
}

std::string_view packet_step(EventKind kind) {
  switch (kind) {
    case EventKind::packet_sent:
      return "sends";
    case EventKind::packet_arrived:
      return "gets";
    case EventKind::packet_lost:
      return "does not get";
    default:
      return "gets once more";
  }
}

std::string error_text(std::uint64_t number) {
  return error_name(std::error_code(static_cast<int>(number), std::generic_category()));
}

// Whom a kind's subjects are, as `World` tells them to the trace.
enum class Subject : std::uint8_t { host, process, link, connection };

Subject subject_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::delay:
    case FaultKind::partition:
    case FaultKind::loss:
    case FaultKind::duplicate:
    case FaultKind::reorder:
    case FaultKind::hold:
    case FaultKind::throttle:
      return Subject::link;
    case FaultKind::crash:
    case FaultKind::pause:
    case FaultKind::no_descriptors:
      return Subject::process;
    case FaultKind::hup:
      return Subject::connection;
    default:
      return Subject::host;
  }
}

}  // namespace

EventText::EventText(const Recording& recording) : recording_(recording) {
  for (const TraceEvent& event : recording.events) {
    if (event.kind == EventKind::connect) {
      connections_[event.subject] = {event.a, std::nullopt, event.b};
    } else if (event.kind == EventKind::accepted) {
      connections_[event.subject].server = event.a;
    } else if (event.kind == EventKind::datagram_bound) {
      sockets_[event.subject] = event.a;
    }
  }
}

std::string EventText::host(std::uint64_t id) const {
  return id < recording_.hosts.size() ? recording_.hosts[id].name : fmt::format("host {}", id);
}

std::string EventText::process(std::uint64_t id) const {
  return id < recording_.processes.size() ? recording_.processes[id].name
                                          : fmt::format("process {}", id);
}

std::string EventText::end_of(std::uint64_t connection, bool server) const {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return server ? "the server" : "the client";
  const Ends& ends = found->second;
  if (server) return ends.server ? process(*ends.server) : fmt::format("port {}", ends.port);
  return ends.client ? process(*ends.client) : "the client";
}

std::string EventText::socket(std::uint64_t id) const {
  const auto found = sockets_.find(id);
  return found != sockets_.end() ? process(found->second) : fmt::format("socket {}", id);
}

std::string EventText::of_packet(const TraceEvent& event) const {
  const std::string_view step = packet_step(event.kind);
  if (event.a == unreachable_tag) {
    return fmt::format("{} {}: port unreachable, datagram {}", socket(event.subject), step,
                       event.b);
  }
  if (event.a >= datagram_tag) {
    return fmt::format("the peer of {} {}: datagram {}, part {}", socket(event.subject),
                       event.kind == EventKind::packet_sent ? "is sent" : step, event.b,
                       event.a - datagram_tag + 1);
  }
  const bool to_server = (event.a & to_server_tag) != 0;
  const bool sent = event.kind == EventKind::packet_sent;
  return fmt::format("{} {}: {}, offset {}, {} bytes {} {}, connection {}",
                     end_of(event.subject, to_server != sent), step, flags_of(event.a, event.c),
                     event.b, event.c, sent ? "to" : "from",
                     end_of(event.subject, to_server == sent), event.subject);
}

std::string EventText::of_fault(const TraceEvent& event) const {
  const std::uint64_t index = event.a / 2;
  const std::string_view step = event.a % 2 == 1 ? "begins" : "is over";
  if (index >= fault_kinds) return fmt::format("a fault of kind {} {}", index, step);
  const auto kind = static_cast<FaultKind>(index);
  std::string whom;
  switch (subject_of(kind)) {
    case Subject::host:
      whom = host(event.subject);
      break;
    case Subject::process:
      whom = process(event.subject);
      break;
    case Subject::connection:
      whom = fmt::format("{} and {}", end_of(event.subject, false), end_of(event.subject, true));
      break;
    case Subject::link:
      whom = fmt::format("{} to {}", host(event.subject >> 32U), host(event.subject & UINT32_MAX));
      break;
  }
  return fmt::format("fault {} of {} {}, amount {}", fault_kind_name(kind), whom, step,
                     static_cast<std::int64_t>(event.b));
}

std::string EventText::on_stream(const TraceEvent& event) const {
  const std::string here = end_of(event.subject, event.a == 1);
  const std::string there = end_of(event.subject, event.a != 1);
  const std::string which = fmt::format("connection {}", event.subject);
  if (event.kind == EventKind::write) {
    return fmt::format("{} writes {} bytes to {}, hash {:016x}, {}", here, event.b, there, event.c,
                       which);
  }
  if (event.kind == EventKind::failed) {
    return fmt::format("{} fails with {}: {}, {}", here, there, error_text(event.b), which);
  }
  if (event.kind == EventKind::closed) {
    return fmt::format("{} {} {} from {}", here, event.b == 1 ? "resets" : "closes", which, there);
  }
  return event.b == 0 ? fmt::format("{} reads the end of {} from {}", here, which, there)
                      : fmt::format("{} reads {} bytes from {}, {}", here, event.b, there, which);
}

std::string EventText::on_datagram(const TraceEvent& event) const {
  const std::string here = socket(event.subject);
  switch (event.kind) {
    case EventKind::datagram_bound:
      return fmt::format("{} binds port {} for datagrams", process(event.a), event.b);
    case EventKind::datagram_sent:
      return fmt::format("{} sends datagram {} to port {}, hash {:016x}", here, event.a, event.b,
                         event.c);
    case EventKind::datagram_received:
      return fmt::format("{} receives a datagram of {} bytes from port {}, hash {:016x}", here,
                         event.a, event.b, event.c);
    case EventKind::datagram_dropped:
      return fmt::format("datagram {} {} port {} is dropped: {}", event.a,
                         event.c == 0 ? "of " + here + " for" : "for " + here + " at", event.b,
                         event.c == 0 ? "nobody is there" : "the buffer is full");
    default:
      return fmt::format("{} closes its socket; {} datagrams were not received", here, event.a);
  }
}

std::string EventText::tell(const TraceEvent& event) const {
  const std::string which = fmt::format("connection {}", event.subject);
  switch (event.kind) {
    case EventKind::event:
      return fmt::format("event of the queue, tie {:016x}", event.a);
    case EventKind::process_started:
      return process(event.subject) + " starts";
    case EventKind::process_ended:
      return process(event.subject) + (event.a == 1 ? " is killed" : " ends");
    case EventKind::host_down:
      return host(event.subject) + " loses its power";
    case EventKind::host_up:
      return host(event.subject) + " has power again";
    case EventKind::listen:
      return fmt::format("{} listens on port {}", process(event.subject), event.a);
    case EventKind::connect:
      return fmt::format("{} connects to port {}, {}", process(event.a), event.b, which);
    case EventKind::connected:
      return fmt::format("{} is connected to {}, {}", end_of(event.subject, false),
                         end_of(event.subject, true), which);
    case EventKind::connect_failed:
      return fmt::format("{} cannot connect to {}: {}, {}", end_of(event.subject, false),
                         end_of(event.subject, true), error_text(event.a), which);
    case EventKind::accepted:
      return fmt::format("{} accepts {}, {}", process(event.a), end_of(event.subject, false),
                         which);
    case EventKind::read:
    case EventKind::write:
    case EventKind::failed:
    case EventKind::closed:
      return on_stream(event);
    case EventKind::packet_sent:
    case EventKind::packet_arrived:
    case EventKind::packet_lost:
    case EventKind::packet_duplicated:
      return of_packet(event);
    case EventKind::datagram_bound:
    case EventKind::datagram_sent:
    case EventKind::datagram_received:
    case EventKind::datagram_dropped:
    case EventKind::datagram_closed:
      return on_datagram(event);
    case EventKind::fault:
      return of_fault(event);
    case EventKind::buggified:
      break;
  }
  return fmt::format("{} is buggified, site {:016x}", process(event.subject), event.a);
}

std::string EventText::tell_at(std::uint64_t number) const {
  const TraceEvent& event = recording_.events[number];
  return fmt::format("{:>8} {:>12}  {}", number, format_seconds(event.at.time_since_epoch()),
                     tell(event));
}

}  // namespace piccolo::sim
