#include "recorder.hpp"

#include <algorithm>
#include <utility>

#include "faults/rules.hpp"

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
  StoryLines::follow(world);
  recording_.wall_start = world.wall_start();
  world.watch_trace(this);
  world.tap_packets(this);
}

void Recorder::planned(const FaultPlan& plan, const FaultScene& scene) {
  for (HostId host = 0; host < world().host_count(); ++host) {
    recording_.hosts.push_back({world().host_name(host), world().host_address(host),
                                world().host_address(host, Address::Family::v6)});
  }
  for (ProcessId process = 0; process < world().process_count(); ++process) {
    recording_.processes.push_back({world().process_name(process), world().process_host(process),
                                    process >= scene.processes.size()});
  }
  recording_.faults.reserve(plan.size());
  for (const Fault& fault : plan) {
    recording_.faults.push_back({fault.kind, TimePoint(fault.at),
                                 TimePoint(fault.at + fault.lasting), describe(fault, scene),
                                 hosts_of(fault, scene)});
  }
}

void Recorder::line(RecordedLine line) {
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
