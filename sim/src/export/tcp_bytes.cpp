#include "tcp_bytes.hpp"

#include <algorithm>

#include "ip_bytes.hpp"
#include "piccolo/core/random.hpp"
#include "wire.hpp"

namespace piccolo::sim {
namespace {

constexpr std::uint32_t window_max = 0xffff;
constexpr std::uint32_t scale_max = 14;  // RFC 7323, 2.3
constexpr std::uint32_t timestamp_option_bytes = 12;
constexpr std::size_t fixed_header_bytes = 20;
constexpr std::size_t checksum_at = 16;

enum Option : std::uint8_t {
  nop = 1,
  segment_size = 2,
  window_scale = 3,
  selective_allowed = 4,
  selective = 5,
  timestamps = 8
};

std::uint64_t key_of(std::uint64_t connection, Role to) {
  return mix(connection, static_cast<std::uint64_t>(to));
}

// A connection that gets the port of an earlier one begins elsewhere, as Wireshark expects of it.
std::uint32_t initial_sequence(std::uint64_t connection, Role to) {
  return static_cast<std::uint32_t>(key_of(connection, to) >> 32U);
}

Role other(Role role) { return role == Role::client ? Role::server : Role::client; }

std::uint32_t scale_for(std::uint64_t buffer) {
  std::uint32_t scale = 0;
  while (scale < scale_max && buffer >> scale > window_max) ++scale;
  return scale;
}

// In milliseconds, as Linux counts; never 0, which stands for none.
std::uint32_t timestamp(TimePoint at) {
  constexpr std::int64_t nanoseconds = 1'000'000;
  return static_cast<std::uint32_t>(at.time_since_epoch().count() / nanoseconds + 1);
}

// Rounded up: a window of one byte is not shut.
std::uint32_t window_of(const TcpView& tcp, std::uint32_t scale) {
  const std::uint64_t room =
      tcp.limit > tcp.acknowledged ? tcp.limit - tcp.acknowledged : std::uint64_t{0};
  const std::uint64_t unit = std::uint64_t{1} << scale;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>((room + unit - 1) / unit, window_max));
}

void put_timestamps(WireBytes& bytes, const TcpView& tcp, bool echoes) {
  bytes.u8(timestamps);
  bytes.u8(10);
  bytes.u32(timestamp(tcp.timestamp));
  bytes.u32(echoes ? timestamp(tcp.echo) : 0);
}

std::string syn_options(const TcpView& tcp, std::uint32_t scale) {
  WireBytes bytes;
  bytes.u8(segment_size);
  bytes.u8(4);
  // Options are not subtracted from it: RFC 6691.
  bytes.u16(std::min(tcp.segment_bytes_max + timestamp_option_bytes, window_max));
  bytes.u8(selective_allowed);
  bytes.u8(2);
  put_timestamps(bytes, tcp, tcp.flags.ack);
  bytes.u8(nop);
  bytes.u8(window_scale);
  bytes.u8(3);
  bytes.u8(scale);
  return bytes.bytes();
}

std::string usual_options(const TcpView& tcp, std::uint32_t peer_begins) {
  WireBytes bytes;
  bytes.u8(nop);
  bytes.u8(nop);
  put_timestamps(bytes, tcp, tcp.flags.ack);
  if (tcp.selective_count == 0) return bytes.bytes();
  bytes.u8(nop);
  bytes.u8(nop);
  bytes.u8(selective);
  bytes.u8(2U + 8U * tcp.selective_count);
  for (std::size_t index = 0; index < tcp.selective_count; ++index) {
    bytes.u32(peer_begins + 1 + static_cast<std::uint32_t>(tcp.selective[index].begin));
    bytes.u32(peer_begins + 1 + static_cast<std::uint32_t>(tcp.selective[index].end));
  }
  return bytes.bytes();
}

std::uint32_t flag_bits(const TcpFlags& flags, bool push) {
  return (flags.fin ? 0x01U : 0U) | (flags.syn ? 0x02U : 0U) | (flags.rst ? 0x04U : 0U) |
         (push ? 0x08U : 0U) | (flags.ack ? 0x10U : 0U);
}

}  // namespace

// The simulator numbers what follows a FIN as if the FIN took no number; a kernel's next
// acknowledgement counts it.
std::uint32_t TcpBytes::wire_sequence(const PacketView& packet, Direction& direction) {
  const TcpView& tcp = packet.tcp;
  const std::uint32_t begins = initial_sequence(packet.flow, tcp.to);
  if (tcp.flags.syn) return begins;
  std::uint64_t offset = tcp.sequence;
  const std::uint64_t end = offset + packet.payload_bytes;
  if (tcp.flags.fin) direction.fin_at = end;
  direction.sent = std::max(direction.sent, end + (tcp.flags.fin ? 1U : 0U));
  const bool behind = !tcp.flags.fin && packet.payload_bytes == 0 && offset == direction.fin_at;
  if (behind) ++offset;
  const std::uint32_t sequence = begins + 1 + static_cast<std::uint32_t>(offset);
  // tcp_xmit_probe_skb(): one that the peer has already, so that it answers.
  return tcp.flags.probe ? sequence - 1 : sequence;
}

std::string TcpBytes::segment(const PacketView& packet, std::string_view payload,
                              bool answers_syn) {
  TcpView tcp = packet.tcp;
  Direction& direction = directions_[key_of(packet.flow, tcp.to)];
  if (tcp.flags.syn) direction.scale = scale_for(tcp.limit);
  const std::uint32_t peer_begins = initial_sequence(packet.flow, other(tcp.to));
  const std::uint32_t sequence = answers_syn ? 0 : wire_sequence(packet, direction);
  if (answers_syn) tcp.flags.ack = true;  // RFC 9293, 3.10.7.1
  // A hang-up has an end see a FIN that nobody sent.
  const std::uint64_t of_peer = directions_[key_of(packet.flow, other(tcp.to))].sent;
  const std::uint64_t taken = std::min(tcp.acknowledged, of_peer);
  const std::uint32_t acknowledged =
      tcp.flags.ack ? peer_begins + 1 + static_cast<std::uint32_t>(taken) : 0;
  const std::string options =
      tcp.flags.syn ? syn_options(tcp, direction.scale) : usual_options(tcp, peer_begins);
  WireBytes bytes;
  bytes.u16(packet.source.port);
  bytes.u16(packet.destination.port);
  bytes.u32(sequence);
  bytes.u32(acknowledged);
  bytes.u8(static_cast<std::uint32_t>((fixed_header_bytes + options.size()) / 4) << 4U);
  bytes.u8(flag_bits(tcp.flags, !payload.empty()));
  // That of a SYN is not scaled: RFC 7323, 2.2.
  bytes.u16(window_of(tcp, tcp.flags.syn ? 0 : direction.scale));
  bytes.u32(0);
  bytes.raw(options);
  bytes.raw(payload);
  bytes.set_u16(checksum_at, transport_checksum(packet.source.address, packet.destination.address,
                                                IpProtocol::tcp, bytes.bytes()));
  return bytes.bytes();
}

}  // namespace piccolo::sim
