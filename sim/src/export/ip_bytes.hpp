#pragma once

// IP packets as they would be on the wire.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "piccolo/core/endpoint.hpp"

namespace piccolo::sim {

enum class IpProtocol : std::uint8_t { icmp = 1, tcp = 6, udp = 17, fragment = 44, icmp_v6 = 58 };

struct IpFragment {
  std::uint32_t offset = 0;  // bytes
  bool more = false;
};

struct IpHeader {
  Address source;
  Address destination;
  IpProtocol protocol = IpProtocol::tcp;
  std::uint32_t id = 0;  // of IPv4 its lower 16 bits
  std::optional<IpFragment> fragment;
};

// `content_bytes`: what follows, which may be less than is there: an ICMP message quotes only so
// much.
std::string ip_header(const IpHeader& header, std::size_t content_bytes);

// The checksum of TCP, UDP and ICMPv6, which covers the addresses as well.
std::uint16_t transport_checksum(const Address& source, const Address& destination,
                                 IpProtocol protocol, std::string_view content);

}  // namespace piccolo::sim
