// draft-ietf-opsawg-pcapng: blocks of options around the packets' bytes.

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "datagram_bytes.hpp"
#include "piccolo/core/random.hpp"
#include "piccolo/sim/export.hpp"
#include "tcp_bytes.hpp"

namespace piccolo::sim {
namespace {

constexpr std::uint32_t section_block = 0x0a0d0d0a;
constexpr std::uint32_t interface_block = 1;
constexpr std::uint32_t packet_block = 6;
constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr std::uint32_t link_type_raw = 101;  // IPv4 or IPv6, as the first byte says
constexpr std::uint16_t opt_comment = 1;
constexpr std::uint16_t opt_program = 4;
constexpr std::uint16_t opt_interface_name = 2;
constexpr std::uint16_t opt_resolution = 9;
constexpr std::uint16_t opt_packet_flags = 2;
constexpr std::string_view outbound("\x02\0\0\0", 4);

// Little-endian: the reader finds out by the magic.
class Block {
 public:
  explicit Block(std::uint32_t type) {
    u32(type);
    u32(0);  // its length
  }

  void u16(std::uint32_t value) {
    bytes_ += static_cast<char>(value & 0xffU);
    bytes_ += static_cast<char>((value >> 8U) & 0xffU);
  }
  void u32(std::uint32_t value) {
    u16(value);
    u16(value >> 16U);
  }
  void padded(std::string_view bytes) {
    bytes_ += bytes;
    bytes_.resize((bytes_.size() + 3) / 4 * 4);
  }
  void option(std::uint16_t code, std::string_view value) {
    value = value.substr(0, UINT16_MAX);
    u16(code);
    u16(static_cast<std::uint32_t>(value.size()));
    padded(value);
  }

  const std::string& finish() {
    u32(0);  // the end of the options
    const auto length = static_cast<std::uint32_t>(bytes_.size() + 4);
    u32(length);
    for (std::size_t at = 0; at < 4; ++at) {
      bytes_[4 + at] = static_cast<char>((length >> (8 * at)) & 0xffU);
    }
    return bytes_;
  }

 private:
  std::string bytes_;
};

std::string section(const Recording& recording) {
  Block block(section_block);
  block.u32(byte_order_magic);
  block.u16(1);  // version 1.0
  block.u16(0);
  block.u32(UINT32_MAX);  // of a length that nobody knows yet
  block.u32(UINT32_MAX);
  block.option(opt_program, "piccolo");
  block.option(opt_comment,
               fmt::format("simulated: world {}, seed {}, trace hash {:016x}{}", recording.world,
                           recording.result.seed, recording.result.trace_hash,
                           recording.truncated ? "; only its beginning" : ""));
  return block.finish();
}

std::string interface_of(const RecordedHost& host) {
  Block block(interface_block);
  block.u16(link_type_raw);
  block.u16(0);
  block.u32(0);  // packets are whole
  block.option(opt_interface_name, host.name);
  block.option(opt_resolution, "\x09");  // nanoseconds
  return block.finish();
}

bool is_plain_syn(const PacketView& packet) {
  return packet.protocol == PacketProtocol::tcp && packet.tcp.flags.syn && !packet.tcp.flags.ack;
}

class Capture {
 public:
  explicit Capture(const Recording& recording) : recording_(recording) {
    for (std::size_t index = 0; index < recording.packets.size(); ++index) {
      const RecordedPacket& packet = recording.packets[index];
      if (packet.duplicate) duplicated_.insert(packet.view.id);
      const bool arrived = packet.end == PacketEnd::arrived;
      if (arrived && is_plain_syn(packet.view)) syn_arrived_.insert(packet.ended_event);
    }
  }

  void write(const ByteSink& sink) {
    sink(section(recording_));
    for (const RecordedHost& host : recording_.hosts) sink(interface_of(host));
    for (const RecordedPacket& packet : recording_.packets) {
      if (!packet.duplicate) sink(block_of(packet));
    }
  }

 private:
  std::string block_of(const RecordedPacket& packet) {
    const std::string bytes = bytes_of(packet);
    const auto at = static_cast<std::uint64_t>(
        (recording_.wall_start.time_since_epoch() + packet.view.at.time_since_epoch()).count());
    Block block(packet_block);
    block.u32(packet.view.from);
    block.u32(static_cast<std::uint32_t>(at >> 32U));
    block.u32(static_cast<std::uint32_t>(at));
    block.u32(static_cast<std::uint32_t>(bytes.size()));
    block.u32(static_cast<std::uint32_t>(bytes.size()));
    block.padded(bytes);
    block.option(opt_packet_flags, outbound);
    put_comments(packet, block);
    return block.finish();
  }

  std::string bytes_of(const RecordedPacket& packet) {
    PacketView view = packet.view;
    view.source = view.source.canonical();
    view.destination = view.destination.canonical();
    std::string payload(
        reinterpret_cast<const char*>(recording_.payloads.data()) + packet.payload_at,
        packet.payload_bytes);
    payload.resize(view.payload_bytes);
    if (view.protocol == PacketProtocol::udp) return datagrams_.fragment(view, payload);
    if (view.protocol == PacketProtocol::icmp) return datagrams_.unreachable(view, payload);
    // A kernel answers a SYN at once, so its arrival is what stands in the trace before the answer.
    const bool answers_syn =
        view.tcp.flags.rst && packet.sent_event > 0 && syn_arrived_.contains(packet.sent_event - 1);
    const std::string segment = tcp_.segment(view, payload, answers_syn);
    const IpHeader header{.source = view.source.address,
                          .destination = view.destination.address,
                          .protocol = IpProtocol::tcp,
                          .id = ++segments_,
                          .fragment = std::nullopt};
    return ip_header(header, segment.size()).append(segment);
  }

  void put_comments(const RecordedPacket& packet, Block& block) {
    for (; line_ < recording_.lines.size() && recording_.lines[line_].at <= packet.view.at;
         ++line_) {
      const RecordedLine& line = recording_.lines[line_];
      if (line.kind != LineKind::fault) continue;
      block.option(opt_comment, fmt::format("fault at {}: {}",
                                            format_seconds(line.at.time_since_epoch()), line.text));
    }
    if (duplicated_.contains(mix64(packet.view.id))) {
      block.option(opt_comment, "duplicated on the way");
    }
    if (packet.retransmission) block.option(opt_comment, "retransmission");
    if (packet.end == PacketEnd::lost) {
      block.option(opt_comment,
                   fmt::format("lost at {}", format_seconds(packet.ended_at.time_since_epoch())));
    }
    if (packet.end == PacketEnd::under_way) block.option(opt_comment, "on its way to the end");
  }

  const Recording& recording_;
  std::unordered_set<std::uint64_t> duplicated_;   // by the duplicates' ids
  std::unordered_set<std::uint64_t> syn_arrived_;  // by the events' numbers
  TcpBytes tcp_;
  DatagramBytes datagrams_;
  std::uint32_t segments_ = 0;
  std::size_t line_ = 0;
};

}  // namespace

void write_pcapng(const Recording& recording, const ByteSink& sink) {
  Capture(recording).write(sink);
}

}  // namespace piccolo::sim
