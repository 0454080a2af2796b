#include "ip_bytes.hpp"

#include "wire.hpp"

namespace piccolo::sim {
namespace {

constexpr std::uint32_t hops = 64;
constexpr std::size_t checksum_at = 10;

void put(WireBytes& bytes, const Address& address) {
  const std::size_t length = address.is_v4() ? 4 : 16;
  for (std::size_t at = 0; at < length; ++at) bytes.u8(address.bytes()[at]);
}

std::string header_v4(const IpHeader& header, std::size_t content_bytes) {
  constexpr std::uint32_t header_bytes = 20;
  constexpr std::uint32_t do_not_fragment = 0x4000;
  constexpr std::uint32_t more_fragments = 0x2000;
  WireBytes bytes;
  bytes.u16(0x4500);
  bytes.u16(static_cast<std::uint32_t>(header_bytes + content_bytes));
  bytes.u16(header.id);
  bytes.u16(header.fragment
                ? header.fragment->offset / 8 | (header.fragment->more ? more_fragments : 0U)
                : do_not_fragment);
  bytes.u8(hops);
  bytes.u8(static_cast<std::uint32_t>(header.protocol));
  bytes.u16(0);
  put(bytes, header.source);
  put(bytes, header.destination);
  Checksum sum;
  sum.add(bytes.bytes());
  bytes.set_u16(checksum_at, sum.value());
  return bytes.bytes();
}

std::string header_v6(const IpHeader& header, std::size_t content_bytes) {
  constexpr std::size_t fragment_header_bytes = 8;
  const std::size_t extension = header.fragment ? fragment_header_bytes : 0;
  WireBytes bytes;
  bytes.u32(0x60000000);
  bytes.u16(static_cast<std::uint32_t>(extension + content_bytes));
  bytes.u8(static_cast<std::uint32_t>(header.fragment ? IpProtocol::fragment : header.protocol));
  bytes.u8(hops);
  put(bytes, header.source);
  put(bytes, header.destination);
  if (!header.fragment) return bytes.bytes();
  bytes.u8(static_cast<std::uint32_t>(header.protocol));
  bytes.u8(0);
  // In units of eight bytes, three bits from the right.
  bytes.u16(header.fragment->offset | (header.fragment->more ? 1U : 0U));
  bytes.u32(header.id);
  return bytes.bytes();
}

}  // namespace

std::string ip_header(const IpHeader& header, std::size_t content_bytes) {
  return header.source.is_v4() ? header_v4(header, content_bytes)
                               : header_v6(header, content_bytes);
}

std::uint16_t transport_checksum(const Address& source, const Address& destination,
                                 IpProtocol protocol, std::string_view content) {
  WireBytes pseudo;
  put(pseudo, source);
  put(pseudo, destination);
  pseudo.u32(static_cast<std::uint32_t>(content.size()));
  pseudo.u32(static_cast<std::uint32_t>(protocol));
  Checksum sum;
  sum.add(pseudo.bytes());
  sum.add(content);
  return sum.value();
}

}  // namespace piccolo::sim
