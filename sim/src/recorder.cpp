#include "recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "faults/rules.hpp"
#include "piccolo/core/error.hpp"

namespace piccolo::sim {
namespace {

std::vector<HostId> hosts_of(const Fault& fault, const FaultScene& scene) {
  std::vector<HostId> hosts;
  hosts.reserve(fault.subjects.size());
  const bool processes = form_of(fault).contains("{process}");
  for (const std::uint32_t subject : fault.subjects) {
    hosts.push_back(processes ? scene.host_of[subject] : subject);
  }
  return hosts;
}

}  // namespace

void Recorder::follow(World& world) {
  world_ = &world;
  recording_.wall_start = world.wall_start();
  world.watch_trace(this);
  world.tap_packets(this);
}

void Recorder::planned(const FaultPlan& plan, const FaultScene& scene) {
  for (HostId host = 0; host < world_->host_count(); ++host) {
    recording_.hosts.push_back({world_->host_name(host), world_->host_address(host),
                                world_->host_address(host, Address::Family::v6)});
  }
  for (ProcessId process = 0; process < world_->process_count(); ++process) {
    recording_.processes.push_back({world_->process_name(process), world_->process_host(process),
                                    process >= scene.processes.size()});
  }
  recording_.faults.reserve(plan.size());
  for (const Fault& fault : plan) {
    recording_.faults.push_back({fault.kind, TimePoint(fault.at),
                                 TimePoint(fault.at + fault.lasting), describe(fault, scene),
                                 hosts_of(fault, scene)});
  }
}

void Recorder::note(std::string_view text) {
  constexpr std::string_view of_fault = "fault: ";
  const bool fault = text.starts_with(of_fault);
  if (fault) text.remove_prefix(of_fault.size());
  tell(fault ? LineKind::fault : LineKind::note, std::nullopt, std::string(text));
}

void Recorder::process_started(ProcessId process) {
  tell(LineKind::process, process, "process started");
}

void Recorder::process_ended(ProcessId process, bool killed) {
  tell(LineKind::process, process, killed ? "process killed" : "process ended");
}

void Recorder::listening(ProcessId process, const Endpoint& local) {
  tell(LineKind::listen, process, fmt::format("listens on {}", local.to_string()));
}

void Recorder::connecting(ProcessId process, const Endpoint& remote) {
  tell(LineKind::connect, process, fmt::format("connects to {}", remote.to_string()));
}

void Recorder::connect_failed(ProcessId process, const Endpoint& remote,
                              const std::error_code& code) {
  tell(LineKind::connect, process,
       fmt::format("connect to {} failed: {}", remote.to_string(), error_name(code)));
}

void Recorder::connected(const StreamEnd& end) {
  tell(LineKind::connect, end, fmt::format("connected to {}", end.remote.to_string()));
}

void Recorder::accepted(const StreamEnd& end) {
  tell(LineKind::connect, end, fmt::format("accepted {}", end.remote.to_string()));
}

void Recorder::read(const StreamEnd& end, std::span<const std::byte> bytes) {
  if (bytes.empty()) {
    return tell(LineKind::stream, end,
                fmt::format("{} ended its direction", end.remote.to_string()));
  }
  tell(LineKind::data, end,
       fmt::format("read {} bytes from {}", bytes.size(), end.remote.to_string()));
}

void Recorder::wrote(const StreamEnd& end, std::span<const std::byte> bytes) {
  tell(LineKind::data, end,
       fmt::format("wrote {} bytes to {}", bytes.size(), end.remote.to_string()));
}

void Recorder::stream_failed(const StreamEnd& end, const std::error_code& code) {
  tell(LineKind::stream, end,
       fmt::format("stream with {} failed: {}", end.remote.to_string(), error_name(code)));
}

void Recorder::closed(const StreamEnd& end) {
  tell(LineKind::stream, end, fmt::format("closed the stream with {}", end.remote.to_string()));
}

void Recorder::datagram_sent(ProcessId process, const Endpoint& /*from*/, const Endpoint& to,
                             std::span<const std::byte> bytes) {
  tell(LineKind::datagram, process,
       fmt::format("sent a datagram of {} bytes to {}", bytes.size(), to.to_string()));
}

void Recorder::datagram_received(ProcessId process, const Endpoint& from, const Endpoint& /*to*/,
                                 std::span<const std::byte> bytes) {
  tell(LineKind::datagram, process,
       fmt::format("received a datagram of {} bytes from {}", bytes.size(), from.to_string()));
}

void Recorder::logged(ProcessId process, LogLevel level, std::string_view text) {
  if (level < level_) return;
  add_line({.at = world_->now(),
            .event = last_event_,
            .kind = LineKind::log,
            .level = level,
            .process = process,
            .connection = std::nullopt,
            .text = std::string(text)});
}

void Recorder::tell(LineKind kind, std::optional<ProcessId> process, std::string text) {
  add_line({.at = world_->now(),
            .event = last_event_,
            .kind = kind,
            .level = LogLevel::debug,
            .process = process,
            .connection = std::nullopt,
            .text = std::move(text)});
}

void Recorder::tell(LineKind kind, const StreamEnd& end, std::string text) {
  add_line({.at = world_->now(),
            .event = last_event_,
            .kind = kind,
            .level = LogLevel::debug,
            .process = end.process,
            .connection = end.connection,
            .text = std::move(text)});
}

void Recorder::add_line(RecordedLine line) {
  if (recording_.lines.size() >= limits_.lines) {
    recording_.truncated = true;
    return;
  }
  recording_.lines.push_back(std::move(line));
}

void Recorder::recorded(std::uint64_t number, const TraceEvent& event) noexcept {
  last_event_ = number;
  if (recording_.events.size() >= limits_.events) {
    recording_.truncated = true;
    return;
  }
  recording_.events.push_back(event);
}

void Recorder::packet(const PacketView& packet) noexcept {
  if (packet.step == PacketStep::sent || packet.step == PacketStep::duplicated)
    return begin(packet);
  end(packet);
}

void Recorder::begin(const PacketView& packet) {
  const bool again = sent_before(packet);
  if (recording_.packets.size() >= limits_.packets ||
      recording_.payloads.size() + packet.payload.size() > limits_.payload_bytes) {
    recording_.truncated = true;
    return;
  }
  under_way_[packet.id] = recording_.packets.size();
  RecordedPacket& kept = recording_.packets.emplace_back();
  kept.view = packet;
  kept.view.payload = {};
  kept.payload_at = recording_.payloads.size();
  kept.payload_bytes = packet.payload.size();
  kept.duplicate = packet.step == PacketStep::duplicated;
  kept.retransmission = again && !kept.duplicate;
  kept.sent_event = last_event_;
  recording_.payloads.insert(recording_.payloads.end(), packet.payload.begin(),
                             packet.payload.end());
}

void Recorder::end(const PacketView& packet) {
  const auto found = under_way_.find(packet.id);
  if (found == under_way_.end()) return;  // its beginning was beyond the limits
  RecordedPacket& kept = recording_.packets[found->second];
  kept.end = packet.step == PacketStep::arrived ? PacketEnd::arrived : PacketEnd::lost;
  kept.ended_at = packet.at;
  kept.ended_event = last_event_;
  under_way_.erase(found);
}

bool Recorder::sent_before(const PacketView& packet) {
  if (packet.protocol != PacketProtocol::tcp) return false;
  const TcpView& tcp = packet.tcp;
  Sent& sent = sent_[mix(packet.flow, static_cast<std::uint64_t>(tcp.to))];
  if (tcp.flags.syn) return std::exchange(sent.syn, true);
  const std::uint64_t end = tcp.sequence + packet.payload_bytes + (tcp.flags.fin ? 1U : 0U);
  if (end == tcp.sequence) return false;  // no more than an acknowledgement
  const bool again = tcp.sequence < sent.up_to;
  sent.up_to = std::max(sent.up_to, end);
  return again;
}

}  // namespace piccolo::sim
