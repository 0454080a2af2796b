#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "packet_words.hpp"
#include "piccolo/sim/export.hpp"

namespace piccolo::sim {
namespace {

std::int64_t count(TimePoint at) { return at.time_since_epoch().count(); }

std::string hex(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    text += digits[std::to_integer<std::size_t>(byte >> 4U)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}

std::string run_line(const Recording& recording) {
  return fmt::format(
      R"({{"type":"run","format":1,"program":"piccolo","world":{},"seed":{},"wall_start_ns":{},)"
      R"("log_level":"{}","truncated":{},"scenario":{}}})",
      json_string(recording.world), recording.result.seed,
      recording.wall_start.time_since_epoch().count(), log_level_name(recording.log_level),
      recording.truncated, json_string(recording.scenario));
}

std::string host_line(HostId id, const RecordedHost& host) {
  return fmt::format(R"({{"type":"host","host":{},"name":{},"v4":"{}","v6":"{}"}})", id,
                     json_string(host.name), host.v4.to_string(), host.v6.to_string());
}

std::string process_line(ProcessId id, const RecordedProcess& process) {
  return fmt::format(R"({{"type":"process","process":{},"name":{},"host":{},"client":{}}})", id,
                     json_string(process.name), process.host, process.client);
}

std::string fault_line(const RecordedFault& fault) {
  return fmt::format(
      R"({{"type":"fault","kind":"{}","from_ns":{},"until_ns":{},"hosts":[{}],"text":{}}})",
      fault_kind_name(fault.kind), count(fault.from), count(fault.until),
      fmt::join(fault.hosts, ","), json_string(fault.text));
}

std::string event_line(std::uint64_t number, const TraceEvent& event) {
  return fmt::format(
      R"({{"type":"event","number":{},"at_ns":{},"kind":"{}","subject":{},"a":{},"b":{},"c":{}}})",
      number, count(event.at), event_kind_name(event.kind), event.subject, event.a, event.b,
      event.c);
}

std::string line_line(const RecordedLine& line) {
  std::string text = fmt::format(R"({{"type":"line","at_ns":{},"event":{},"kind":"{}")",
                                 count(line.at), line.event, line_kind_name(line.kind));
  if (line.kind == LineKind::log) {
    text += fmt::format(R"(,"level":"{}")", log_level_name(line.level));
  }
  if (line.process) text += fmt::format(R"(,"process":{})", *line.process);
  if (line.connection) text += fmt::format(R"(,"connection":{})", *line.connection);
  return text + fmt::format(R"(,"text":{}}})", json_string(line.text));
}

std::string tcp_fields(const TcpView& tcp) {
  std::string flags;
  const auto add = [&flags](bool is, std::string_view name) {
    if (is) flags += fmt::format("{}\"{}\"", flags.empty() ? "" : ",", name);
  };
  add(tcp.flags.syn, "syn");
  add(tcp.flags.ack, "ack");
  add(tcp.flags.fin, "fin");
  add(tcp.flags.rst, "rst");
  add(tcp.flags.probe, "probe");
  std::string ranges;
  for (std::size_t index = 0; index < tcp.selective_count; ++index) {
    ranges += fmt::format("{}[{},{}]", ranges.empty() ? "" : ",", tcp.selective[index].begin,
                          tcp.selective[index].end);
  }
  return fmt::format(
      R"(,"connection_end":"{}","flags":[{}],"sequence":{},"acknowledged":{},"limit":{},"sacked":[{}])",
      tcp.to == Role::server ? "client" : "server", flags, tcp.sequence, tcp.acknowledged,
      tcp.limit, ranges);
}

std::string udp_fields(const UdpView& udp) {
  return fmt::format(R"(,"datagram":{},"fragment":{},"fragments":{},"offset":{})", udp.datagram,
                     udp.fragment, udp.fragments, udp.offset);
}

std::string packet_line(const Recording& recording, const RecordedPacket& packet) {
  constexpr std::array<std::string_view, 3> protocols{"tcp", "udp", "icmp"};
  constexpr std::array<std::string_view, 3> ends{"under_way", "arrived", "lost"};
  const PacketView& view = packet.view;
  std::string text = fmt::format(
      R"({{"type":"packet","at_ns":{},"event":{},"protocol":"{}","from":{},"to":{},"source":"{}",)"
      R"("destination":"{}","flow":{},"wire_bytes":{},"payload_bytes":{},"duplicate":{},)"
      R"("retransmission":{},"end":"{}")",
      count(view.at), packet.sent_event, protocols[static_cast<std::size_t>(view.protocol)],
      view.from, view.to, view.source.to_string(), view.destination.to_string(), view.flow,
      view.wire_bytes, view.payload_bytes, packet.duplicate, packet.retransmission,
      ends[static_cast<std::size_t>(packet.end)]);
  if (packet.end != PacketEnd::under_way) {
    text +=
        fmt::format(R"(,"end_ns":{},"end_event":{})", count(packet.ended_at), packet.ended_event);
  }
  text += view.protocol == PacketProtocol::tcp ? tcp_fields(view.tcp) : udp_fields(view.udp);
  const auto payload =
      std::span(recording.payloads).subspan(packet.payload_at, packet.payload_bytes);
  if (!payload.empty()) text += fmt::format(R"(,"payload":"{}")", hex(payload));
  return text + "}";
}

std::string result_line(const Recording& recording) {
  const RunResult& result = recording.result;
  std::string violation = "null";
  if (result.violation) {
    violation =
        fmt::format(R"({{"invariant":{},"detail":{},"at_ns":{},"liveness":{}}})",
                    json_string(result.violation->invariant), json_string(result.violation->detail),
                    result.violation->at.count(), result.violation->liveness);
  }
  return fmt::format(
      R"({{"type":"result","trace_hash":"{:016x}","events":{},"virtual_ns":{},"violation":{}}})",
      result.trace_hash, recording.events.size(), result.totals.virtual_time.count(), violation);
}

}  // namespace

void write_jsonl(const Recording& recording, const ByteSink& sink) {
  const auto put = [&sink](std::string line) { sink(line += '\n'); };
  put(run_line(recording));
  for (HostId host = 0; host < recording.hosts.size(); ++host) {
    put(host_line(host, recording.hosts[host]));
  }
  for (ProcessId process = 0; process < recording.processes.size(); ++process) {
    put(process_line(process, recording.processes[process]));
  }
  for (const RecordedFault& fault : recording.faults) put(fault_line(fault));
  auto packet = recording.packets.begin();
  auto line = recording.lines.begin();
  // Up to what follows event `number`, the last one that came before it.
  const auto catch_up = [&](std::uint64_t number) {
    for (; packet != recording.packets.end() && packet->sent_event <= number; ++packet) {
      put(packet_line(recording, *packet));
    }
    for (; line != recording.lines.end() && line->event <= number; ++line) put(line_line(*line));
  };
  for (std::uint64_t number = 0; number < recording.events.size(); ++number) {
    put(event_line(number, recording.events[number]));
    catch_up(number);
  }
  catch_up(UINT64_MAX);
  put(result_line(recording));
}

}  // namespace piccolo::sim
