#include "datagram_bytes.hpp"

#include "piccolo/core/random.hpp"
#include "wire.hpp"

namespace piccolo::sim {
namespace {

constexpr std::size_t udp_header_bytes = 8;
constexpr std::size_t udp_checksum_at = 6;
constexpr std::size_t icmp_header_bytes = 8;
constexpr std::size_t icmp_checksum_at = 2;

std::string udp_packet(const Endpoint& source, const Endpoint& destination,
                       std::string_view payload) {
  WireBytes bytes;
  bytes.u16(source.port);
  bytes.u16(destination.port);
  bytes.u16(static_cast<std::uint32_t>(udp_header_bytes + payload.size()));
  bytes.u16(0);
  bytes.raw(payload);
  const std::uint16_t sum =
      transport_checksum(source.address, destination.address, IpProtocol::udp, bytes.bytes());
  bytes.set_u16(udp_checksum_at, sum == 0 ? 0xffffU : sum);  // 0 would say that there is none
  return bytes.bytes();
}

std::size_t ip_header_bytes(const IpHeader& header) { return ip_header(header, 0).size(); }

}  // namespace

const DatagramBytes::Sent& DatagramBytes::sent(const PacketView& packet) {
  const auto [place, first] = sent_.try_emplace(mix(packet.flow, packet.udp.datagram));
  if (first) place->second = {packet.source.port, packet.destination.port, ++ids_};
  return place->second;
}

std::string DatagramBytes::fragment(const PacketView& packet, std::string_view payload) {
  const std::string whole = udp_packet(packet.source, packet.destination, payload);
  IpHeader header{.source = packet.source.address,
                  .destination = packet.destination.address,
                  .protocol = IpProtocol::udp,
                  .id = sent(packet).id,
                  .fragment = std::nullopt};
  const bool cut = packet.udp.fragments > 1;
  if (cut) {
    const bool more = packet.udp.fragment + 1 < packet.udp.fragments;
    header.fragment = IpFragment{packet.udp.offset, more};
  }
  const std::string_view part =
      cut ? std::string_view(whole).substr(packet.udp.offset,
                                           packet.wire_bytes - ip_header_bytes(header))
          : std::string_view(whole);
  return ip_header(header, part.size()).append(part);
}

// RFC 1122, 3.2.2.1, and RFC 4443, 3.1: as much of the datagram as fits, from its IP header on.
std::string DatagramBytes::unreachable(const PacketView& packet, std::string_view payload) {
  const Sent quoted = sent(packet);
  const Endpoint source(packet.destination.address, quoted.from);
  const Endpoint destination(packet.source.address, quoted.to);
  const bool v4 = source.address.is_v4();
  const std::string udp = udp_packet(source, destination, payload);
  const std::string first =
      ip_header({source.address, destination.address, IpProtocol::udp, quoted.id, {}}, udp.size());
  const IpHeader header{packet.source.address, packet.destination.address,
                        v4 ? IpProtocol::icmp : IpProtocol::icmp_v6, ++ids_, std::nullopt};
  const std::size_t room = packet.wire_bytes - ip_header_bytes(header) - icmp_header_bytes;
  WireBytes bytes;
  bytes.u16(v4 ? 0x0303 : 0x0104);
  bytes.u16(0);
  bytes.u32(0);
  bytes.raw(std::string_view(first + udp).substr(0, room));
  Checksum sum;
  sum.add(bytes.bytes());
  bytes.set_u16(icmp_checksum_at, v4 ? sum.value()
                                     : transport_checksum(header.source, header.destination,
                                                          header.protocol, bytes.bytes()));
  return ip_header(header, bytes.bytes().size()).append(bytes.bytes());
}

}  // namespace piccolo::sim
