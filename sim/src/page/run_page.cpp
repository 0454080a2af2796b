#include <fmt/format.h>

#include <cerrno>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "page/fill_page.hpp"
#include "page/page_files.hpp"
#include "piccolo/sim/report_page.hpp"

namespace piccolo::sim {
namespace {

using Json = nlohmann::ordered_json;

std::int64_t nanoseconds(TimePoint at) { return at.time_since_epoch().count(); }

// Numbers things in the order in which they come.
template <class Key, class Compare = std::less<Key>>
class Numbering {
 public:
  std::size_t number(const Key& key) {
    const auto [place, fresh] = numbers_.try_emplace(key, numbers_.size());
    if (fresh) names_.push_back(key);
    return place->second;
  }
  const std::vector<Key>& names() const noexcept { return names_; }

 private:
  std::map<Key, std::size_t, Compare> numbers_;
  std::vector<Key> names_;
};

// TCP connections and sockets are numbered apart.
using Flow = std::pair<bool, std::uint64_t>;
using Flows = Numbering<Flow>;

// The bits of a packet, as sim/report/model.js takes them apart.
enum Bit : std::uint32_t {
  protocol_shift = 0,  // two bits
  bit_syn = 1U << 2U,
  bit_ack = 1U << 3U,
  bit_fin = 1U << 4U,
  bit_rst = 1U << 5U,
  bit_probe = 1U << 6U,
  bit_duplicate = 1U << 7U,
  bit_again = 1U << 8U,
  end_shift = 9,  // two bits
  bit_refuses = 1U << 11U,
};

// An RST that answers a SYN, on a connection that never came to be.
class Refusals {
 public:
  bool refuses(const PacketView& packet) {
    if (packet.protocol != PacketProtocol::tcp) return false;
    const TcpFlags& flags = packet.tcp.flags;
    if (flags.rst) return packet.tcp.to == Role::client && !answered_.contains(packet.flow);
    if (packet.tcp.to == Role::client) answered_.insert(packet.flow);
    return false;
  }

 private:
  std::unordered_set<std::uint64_t> answered_;  // flows, by the server's kernel
};

std::uint32_t bits_of(const RecordedPacket& packet, bool refuses) {
  const TcpFlags& flags = packet.view.tcp.flags;
  std::uint32_t bits = static_cast<std::uint32_t>(packet.view.protocol) << protocol_shift;
  if (packet.view.protocol == PacketProtocol::tcp) {
    bits |= (flags.syn ? bit_syn : 0U) | (flags.ack ? bit_ack : 0U) | (flags.fin ? bit_fin : 0U) |
            (flags.rst ? bit_rst : 0U) | (flags.probe ? bit_probe : 0U);
  }
  bits |= (packet.duplicate ? bit_duplicate : 0U) | (packet.retransmission ? bit_again : 0U);
  bits |= static_cast<std::uint32_t>(packet.end) << end_shift;
  return bits | (refuses ? bit_refuses : 0U);
}

// A column each, with what grows slowly as differences: that halves the file.
class Packets {
 public:
  void add(const RecordedPacket& packet, Flows& flows) {
    const PacketView& view = packet.view;
    const bool tcp = view.protocol == PacketProtocol::tcp;
    const bool ended = packet.end != PacketEnd::under_way;
    put("at", nanoseconds(view.at) - last_at_);
    put("took", ended ? nanoseconds(packet.ended_at) - nanoseconds(view.at) : 0);
    put("event", packet.sent_event - last_event_);
    put("later", ended ? packet.ended_event - packet.sent_event : 0);
    put("from", view.from);
    put("to", view.to);
    put("source", endpoints_.number(view.source.to_string()));
    put("destination", endpoints_.number(view.destination.to_string()));
    put("flow", flows.number({tcp, view.flow}));
    put("bits", bits_of(packet, refusals_.refuses(view)));
    put("wire", view.wire_bytes);
    put("payload", view.payload_bytes);
    put("sequence", tcp ? view.tcp.sequence : view.udp.datagram);
    put("acknowledged", tcp ? view.tcp.acknowledged : view.udp.fragment);
    put("window", tcp ? view.tcp.limit - view.tcp.acknowledged : view.udp.fragments);
    last_at_ = nanoseconds(view.at);
    last_event_ = packet.sent_event;
  }
  Json json() && {
    columns_["endpoints"] = endpoints_.names();
    return std::move(columns_);
  }

 private:
  template <class Number>
  void put(const char* column, Number number) {
    columns_[column].push_back(number);
  }

  Json columns_ = Json::object();
  Numbering<std::string> endpoints_;
  Refusals refusals_;
  std::int64_t last_at_ = 0;
  std::uint64_t last_event_ = 0;
};

Json json_of_lines(const Recording& recording, Flows& flows) {
  Json at = Json::array();
  Json event = Json::array();
  Json kind = Json::array();
  Json level = Json::array();
  Json process = Json::array();
  Json flow = Json::array();
  Json text = Json::array();
  Numbering<std::string> texts;
  for (const RecordedLine& line : recording.lines) {
    at.push_back(nanoseconds(line.at));
    event.push_back(line.event);
    kind.push_back(static_cast<int>(line.kind));
    level.push_back(static_cast<int>(line.level));
    process.push_back(line.process ? static_cast<std::int64_t>(*line.process) : -1);
    flow.push_back(
        line.connection ? static_cast<std::int64_t>(flows.number({true, *line.connection})) : -1);
    text.push_back(texts.number(line.text));
  }
  return {{"at", at},           {"event", event}, {"kind", kind}, {"level", level},
          {"process", process}, {"flow", flow},   {"text", text}, {"texts", texts.names()}};
}

Json json_of_hosts(const Recording& recording) {
  Json hosts = Json::array();
  for (const RecordedHost& host : recording.hosts) {
    hosts.push_back(
        {{"name", host.name}, {"v4", host.v4.to_string()}, {"v6", host.v6.to_string()}});
  }
  return hosts;
}

Json json_of_processes(const Recording& recording) {
  Json processes = Json::array();
  for (const RecordedProcess& process : recording.processes) {
    processes.push_back(
        {{"name", process.name}, {"host", process.host}, {"client", process.client}});
  }
  return processes;
}

Json json_of_faults(const Recording& recording) {
  Json faults = Json::array();
  for (const RecordedFault& fault : recording.faults) {
    faults.push_back({{"kind", fault_kind_name(fault.kind)},
                      {"from", nanoseconds(fault.from)},
                      {"until", nanoseconds(fault.until)},
                      {"text", fault.text},
                      {"hosts", fault.hosts}});
  }
  return faults;
}

Json json_of_violation(const std::optional<Violation>& violation) {
  if (!violation) return {};
  return {{"invariant", violation->invariant},
          {"detail", violation->detail},
          {"signature", signature(*violation)},
          {"at", violation->at.count()},
          {"liveness", violation->liveness}};
}

// What the page holds its own sums against.
Json json_of_trace(const Recording& recording) {
  Json counts = Json::object();
  std::uint64_t refused = 0;
  for (const TraceEvent& event : recording.events) {
    Json& count = counts[std::string(event_kind_name(event.kind))];
    count = count.is_null() ? 1 : count.get<std::uint64_t>() + 1;
    if (event.kind == EventKind::connect_failed && event.a == ECONNREFUSED) ++refused;
  }
  return {{"events", recording.events.size()}, {"refused", refused}, {"kinds", counts}};
}

Json json_of_line_kinds() {
  Json names = Json::array();
  for (int kind = 0; kind <= static_cast<int>(LineKind::datagram); ++kind) {
    names.push_back(line_kind_name(static_cast<LineKind>(kind)));
  }
  return names;
}

Json json_of(const Recording& recording, std::string_view replay) {
  Flows flows;
  Packets packets;
  for (const RecordedPacket& packet : recording.packets) packets.add(packet, flows);
  const TimePoint end = recording.events.empty() ? TimePoint{} : recording.events.back().at;
  return {{"world", recording.world},
          {"seed", std::to_string(recording.result.seed)},
          {"hash", fmt::format("{:016x}", recording.result.trace_hash)},
          {"replay", replay},
          {"truncated", recording.truncated},
          {"violation", json_of_violation(recording.result.violation)},
          {"end", nanoseconds(end)},
          {"hosts", json_of_hosts(recording)},
          {"processes", json_of_processes(recording)},
          {"faults", json_of_faults(recording)},
          {"line_kinds", json_of_line_kinds()},
          {"lines", json_of_lines(recording, flows)},
          {"packets", std::move(packets).json()},
          {"trace", json_of_trace(recording)},
          {"scenario", recording.scenario}};
}

}  // namespace

std::string run_page(const Recording& recording, std::string_view replay) {
  return fill_page(embedded_run_page(), script_text(json_of(recording, replay)));
}

}  // namespace piccolo::sim
