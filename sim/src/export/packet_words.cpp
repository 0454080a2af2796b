#include "packet_words.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace piccolo::sim {
namespace {

std::string tcp_words(const PacketView& packet) {
  const TcpFlags& flags = packet.tcp.flags;
  if (flags.rst) return "RST";
  if (flags.syn) return flags.ack ? "SYN-ACK" : "SYN";
  if (flags.fin) return "FIN";
  if (flags.probe) return "probe";
  return packet.payload_bytes > 0 ? fmt::format("{} bytes", packet.payload_bytes) : "ACK";
}

}  // namespace

std::string packet_words(const PacketView& packet) {
  switch (packet.protocol) {
    case PacketProtocol::tcp:
      return tcp_words(packet);
    case PacketProtocol::icmp:
      return "port unreachable";
    case PacketProtocol::udp:
      break;
  }
  std::string words = fmt::format("datagram of {} bytes", packet.payload_bytes);
  if (packet.udp.fragments <= 1) return words;
  return fmt::format("{}, part {} of {}", words, packet.udp.fragment + 1, packet.udp.fragments);
}

bool is_plain_ack(const PacketView& packet) noexcept {
  const TcpFlags& flags = packet.tcp.flags;
  return packet.protocol == PacketProtocol::tcp && packet.payload_bytes == 0 && !flags.syn &&
         !flags.fin && !flags.rst && !flags.probe;
}

std::string json_string(std::string_view text) {
  using Json = nlohmann::json;
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace piccolo::sim
