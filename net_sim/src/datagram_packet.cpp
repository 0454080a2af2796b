// Datagrams on their way: fragments, reassembly, and what comes back when nobody takes them.

#include <algorithm>

#include "datagram.hpp"
#include "world_impl.hpp"

namespace piccolo {
namespace {

constexpr std::uint32_t udp_header_bytes = 8;
constexpr std::uint32_t ip_header_bytes_v4 = 20;
constexpr std::uint32_t ip_header_bytes_v6 = 40;
constexpr std::uint32_t fragment_header_bytes_v6 = 8;
constexpr Duration reassembly_time = std::chrono::seconds(30);  // net.ipv4.ipfrag_time

}  // namespace

std::uint32_t Datagram::udp_bytes() const noexcept {
  return udp_header_bytes + static_cast<std::uint32_t>(payload.size());
}

std::uint32_t Datagram::header_bytes() const noexcept {
  if (to.address.is_v4()) return ip_header_bytes_v4;
  return ip_header_bytes_v6 + (fragments() > 1 ? fragment_header_bytes_v6 : 0);
}

// Linux quotes as much as fits into the smallest packet that every link must carry.
std::uint32_t Datagram::unreachable_bytes() const noexcept {
  constexpr std::uint32_t icmp_header_bytes = 8;
  const bool v4 = to.address.is_v4();
  const std::uint32_t ip = v4 ? ip_header_bytes_v4 : ip_header_bytes_v6;
  return std::min(ip + icmp_header_bytes + ip + udp_bytes(), v4 ? 576U : 1280U);
}

void Datagram::cut_into(std::uint32_t mtu_bytes) {
  here_.assign(1, false);
  const std::uint32_t total = udp_bytes();
  room_ = total;
  if (total + header_bytes() > mtu_bytes) {
    here_.assign(2, false);  // which takes IPv6 another header
    const std::uint32_t most = mtu_bytes - header_bytes();
    room_ = most / 8 * 8;  // RFC 791: all fragments but the last are multiples of 8 bytes
    // The last may be longer than that by up to seven bytes.
    here_.assign(1 + (total - std::min(total, most) + room_ - 1) / room_, false);
  }
  missing_ = fragments();
}

std::uint32_t Datagram::fragment_bytes(std::uint32_t index) const noexcept {
  return index + 1 < fragments() ? room_ : udp_bytes() - index * room_;
}

bool Datagram::complete_with(std::uint32_t index, TimePoint now, std::uint64_t boot) {
  const bool anew = missing_ == fragments();
  if (!anew && (boot != boot_ || now - first_came_ >= reassembly_time)) {
    here_.assign(here_.size(), false);
    missing_ = fragments();
  }
  if (missing_ == fragments()) {
    first_came_ = now;
    boot_ = boot;
  }
  if (here_[index]) return false;
  here_[index] = true;
  if (--missing_ > 0) return false;
  // What comes now begins another one: that of a datagram duplicated as a whole is completed.
  here_.assign(here_.size(), false);
  missing_ = fragments();
  return true;
}

void DatagramPacket::deliver() noexcept {
  World::Impl& world = body->owner->world();
  Host& host = world.hosts[link->to];
  if (unreachable) {
    SimDatagram* const sender = host.datagram_socket_for(body->from, body->to);
    if (sender != nullptr) sender->learn_unreachable();
    return;
  }
  if (!body->complete_with(fragment, world.now, host.boots)) return;
  SimDatagram* const target = host.datagram_socket_for(body->to, body->from);
  if (target != nullptr) return target->arrive(*body);
  world.record(EventKind::datagram_dropped, subject, body->number, body->to.port);
  body->owner->answer_unreachable(*body, link->to, link->from);
}

void DatagramPacket::recycle() noexcept { body->owner->world().datagrams.recycle(*this); }

Packet& DatagramPacket::duplicate() {
  DatagramPacket& copy = body->owner->world().datagrams.new_packet(*body);
  copy.fragment = fragment;
  copy.unreachable = unreachable;
  copy.sequence = sequence;
  copy.length = length;
  copy.wire_bytes = wire_bytes;
  copy.tag = tag;
  return copy;
}

Datagrams::~Datagrams() {
  while (!sockets_.empty()) delete sockets_.back();
}

Datagram& Datagrams::new_datagram() {
  if (free_datagrams_.empty()) {
    all_datagrams_.push_back(std::make_unique<Datagram>());
    free_datagrams_.push_back(all_datagrams_.back().get());
  }
  Datagram& body = *free_datagrams_.back();
  free_datagrams_.pop_back();
  body.references = 1;
  return body;
}

void Datagrams::let_go(Datagram& body) noexcept {
  if (--body.references == 0) free_datagrams_.push_back(&body);
}

DatagramPacket& Datagrams::new_packet(Datagram& body) {
  if (free_packets_.empty()) {
    all_packets_.push_back(std::make_unique<DatagramPacket>());
    free_packets_.push_back(all_packets_.back().get());
  }
  DatagramPacket& packet = *free_packets_.back();
  free_packets_.pop_back();
  packet.body = &body;
  packet.subject = body.owner->id();
  packet.sequence = body.number;
  ++body.references;
  body.owner->packet_left();
  return packet;
}

void Datagrams::recycle(DatagramPacket& packet) noexcept {
  SimDatagram& owner = *packet.body->owner;
  let_go(*packet.body);
  free_packets_.push_back(&packet);
  owner.packet_gone();
}

void Datagrams::add(SimDatagram& socket) {
  socket.world_slot = sockets_.size();
  sockets_.push_back(&socket);
}

void Datagrams::remove(SimDatagram& socket) noexcept {
  sockets_[socket.world_slot] = sockets_.back();
  sockets_[socket.world_slot]->world_slot = socket.world_slot;
  sockets_.pop_back();
}

}  // namespace piccolo
