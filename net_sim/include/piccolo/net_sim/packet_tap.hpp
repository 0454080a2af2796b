#pragma once

// Every packet of a world, for those who write captures or draw pictures: what a tap on all cables
// at once would see, and besides it what becomes of each packet.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "piccolo/core/endpoint.hpp"
#include "piccolo/core/time.hpp"
#include "piccolo/net_sim/observer.hpp"

namespace piccolo {

enum class PacketProtocol : std::uint8_t { tcp, udp, icmp };

// `duplicated`: the network made another of it, which has an id of its own and its own end.
// A packet that is neither arrived nor lost when the run ends is still on its way.
enum class PacketStep : std::uint8_t { sent, duplicated, arrived, lost };

struct TcpFlags {
  bool syn = false;
  bool ack = false;
  bool fin = false;
  bool rst = false;
  bool probe = false;  // a keepalive or window probe: no data, asks for an acknowledgement
};

// Offsets count payload bytes from 0, in 64 bits; a SYN stands before offset 0, and a FIN takes the
// offset after the last byte.
struct TcpView {
  TcpFlags flags;
  std::uint64_t sequence = 0;
  std::uint64_t acknowledged = 0;  // the next offset that the sender of this expects
  std::uint64_t limit = 0;         // the offset up to which it takes data
  std::uint32_t segment_bytes_max = 0;
  struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  std::array<Range, 3> selective{};  // what arrived beyond `acknowledged`
  std::uint8_t selective_count = 0;
  TimePoint timestamp;  // of RFC 7323, and the one it echoes
  TimePoint echo;
  Role to = Role::client;  // which end it is for
};

struct UdpView {
  std::uint64_t datagram = 0;  // its number among those of its socket
  std::uint32_t fragment = 0;
  std::uint32_t fragments = 1;
  std::uint32_t offset = 0;  // of this fragment's bytes in the UDP packet, header included
};

// Valid while it is shown.
struct PacketView {
  std::uint64_t id = 0;  // of this packet alone, in this run
  PacketStep step = PacketStep::sent;
  PacketProtocol protocol = PacketProtocol::tcp;
  TimePoint at;
  HostId from = 0;
  HostId to = 0;
  Endpoint source;
  Endpoint destination;
  std::uint64_t flow = 0;           // of TCP the connection, else the sending socket
  std::uint32_t wire_bytes = 0;     // with all headers
  std::uint32_t payload_bytes = 0;  // of UDP those of the whole datagram
  // Of TCP the segment's, of UDP and ICMP the datagram's; when it is sent or duplicated, else
  // empty.
  std::span<const std::byte> payload;
  TcpView tcp;  // by protocol
  UdpView udp;
};

class PacketTap {
 public:
  PacketTap() = default;
  PacketTap(const PacketTap&) = delete;
  PacketTap& operator=(const PacketTap&) = delete;
  virtual ~PacketTap() = default;

  // Right after the event stands in the trace. Must not change the world.
  virtual void packet(const PacketView& packet) noexcept = 0;
};

}  // namespace piccolo
