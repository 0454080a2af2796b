#include "datagram.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "incarnation.hpp"
#include "ports.hpp"
#include "world_impl.hpp"

namespace piccolo {
namespace {

// What Linux 6 charges the receive buffer with (`skb->truesize`): the buffer's descriptor, and the
// payload with headers and bookkeeping in a power of two, or in pages when it is large.
std::uint32_t truesize(std::size_t payload) noexcept {
  constexpr std::uint32_t descriptor = 256;
  constexpr std::uint32_t smallest = 576;
  constexpr std::uint32_t bookkeeping = 384;
  constexpr std::uint32_t page = 4096;
  const auto bytes = static_cast<std::uint32_t>(payload) + bookkeeping;
  if (bytes <= smallest) return descriptor + smallest;
  if (bytes <= 8 * page) return descriptor + std::bit_ceil(bytes);
  return descriptor + (bytes + page - 1) / page * page;
}

}  // namespace

SimDatagram::SimDatagram(World::Impl& world, Host& host, Incarnation& holder, std::uint64_t id,
                         const Endpoint& local, std::uint32_t receive_buffer)
    : world_(world),
      host_(host),
      holder_(&holder),
      id_(id),
      draws_(id),
      family_(local.address.family()),
      local_(local),
      buffer_(receive_buffer) {
  host_.datagram_sockets.emplace(local.port, this);
  holder.datagram_sockets.insert(*this);
  world_.datagrams.add(*this);
}

SimDatagram::~SimDatagram() { world_.datagrams.remove(*this); }

void SimDatagram::start_receive() {
  if (error_) return complete_receive(failure(take_error()));
  if (waiting_.empty()) return;
  Datagram& body = *waiting_.front();
  waiting_.pop_front();
  buffered_ -= truesize(body.payload.size());
  const auto buffer = receiving()->buffer();
  const auto got = buffer.first(std::min(buffer.size(), body.payload.size()));
  if (!got.empty()) std::memcpy(got.data(), body.payload.data(), got.size());
  const Received received(got.size(), body.from, got.size() < body.payload.size());
  world_.record(EventKind::datagram_received, id_, got.size(), body.from.port, hash_bytes(got));
  world_.observe([&](Observer& observer) {
    observer.datagram_received(holder_->process.id, body.from, body.to, got);
  });
  world_.datagrams.let_go(body);
  complete_receive(received);
}

void SimDatagram::arrive(Datagram& body) {
  const std::uint32_t charge = truesize(body.payload.size());
  // Whoever waits takes it at once; also the first always fits.
  if (!waiting_.empty() && charge > buffer_ - std::min(buffered_, buffer_)) {
    world_.record(EventKind::datagram_dropped, id_, body.number, local_.port, 1);
    return;
  }
  buffered_ += charge;
  ++body.references;
  waiting_.push_back(&body);
  serve_receive();
}

void SimDatagram::learn_unreachable() noexcept {
  if (!peer_) return;  // others are not told: which of many datagrams was it?
  error_ = std::make_error_code(std::errc::connection_refused);
  serve_receive();
}

Result<void> SimDatagram::connect(const Endpoint& remote) noexcept {
  const auto route = route_to(remote);
  if (!route) return failure(route.error());
  peer_ = route->to;
  local_.address = route->from.address;
  return {};
}

Result<SimDatagram::Route> SimDatagram::route_to(const Endpoint& remote) const noexcept {
  const bool anywhere = local_.address.is_unspecified();
  Address to = remote.address;
  if (family_ == Address::Family::v4 && !to.is_v4()) {
    return failure(std::errc::address_family_not_supported);
  }
  if (remote.port == 0) return failure(std::errc::invalid_argument);
  if (to.is_unspecified()) to = anywhere ? Address::loopback(to.family()) : local_.address;
  if (is_broadcast(to)) return failure(std::errc::permission_denied);
  if (is_no_host(to)) return failure(std::errc::network_unreachable);
  Address from = local_.address;
  if (anywhere) {
    from = to.is_v4() ? host_.v4 : host_.v6;
    if (to.is_loopback()) from = Address::loopback(to.family());
  }
  if (from.family() != to.family()) return failure(std::errc::network_unreachable);
  // What comes from loopback does not leave the machine.
  if (from.is_loopback() && !host_.owns(to)) return failure(std::errc::invalid_argument);
  return Route{Endpoint(from, local_.port), Endpoint(to, remote.port)};
}

void SimDatagram::start_send() { complete_send(transmit(*sending())); }

// In the order in which Linux looks.
Result<std::size_t> SimDatagram::transmit(const DatagramSendOperation& operation) {
  const auto data = operation.data();
  if (data.size() > 0xffff) return failure(std::errc::message_size);
  const std::optional<Endpoint>& to = operation.to() ? operation.to() : peer_;
  if (!to) return failure(std::errc::destination_address_required);
  const auto route = route_to(*to);
  if (!route) return failure(route.error());
  const bool v4 = route->to.address.is_v4();
  if (data.size() > (v4 ? datagram_bytes_max_v4 : datagram_bytes_max_v6)) {
    return failure(std::errc::message_size);
  }
  if (error_) return failure(take_error());
  emit(*route, data);
  return data.size();
}

void SimDatagram::emit(const Route& route, std::span<const std::byte> data) {
  ++sent_;
  world_.record(EventKind::datagram_sent, id_, sent_, route.to.port, hash_bytes(data));
  world_.observe([&](Observer& observer) {
    observer.datagram_sent(holder_->process.id, route.from, route.to, data);
  });
  const HostId there = world_.host_of(route.to.address, host_.id);
  if (there == nowhere) return;
  Datagram& body = world_.datagrams.new_datagram();
  body.owner = this;
  body.number = sent_;
  body.from = route.from;
  body.to = route.to;
  body.payload.assign(data.begin(), data.end());
  body.cut_into(world_.link(host_.id, there).model.options().mtu_bytes);
  for (std::uint32_t index = 0; index < body.fragments(); ++index) {
    DatagramPacket& packet = world_.datagrams.new_packet(body);
    packet.fragment = index;
    packet.unreachable = false;
    packet.length = body.fragment_bytes(index);
    packet.wire_bytes = packet.length + body.header_bytes();
    packet.tag = static_cast<std::uint16_t>(datagram_tag | index);
    emit(packet, host_.id, there);
  }
  world_.datagrams.let_go(body);
}

void SimDatagram::emit(DatagramPacket& packet, HostId from, HostId to) {
  packet.flow = &flows_[{from, to}];
  packet.coordinate = mix64(draws_ + golden_gamma * ++emitted_);
  world_.link(from, to).send(packet);
}

void SimDatagram::answer_unreachable(Datagram& body, HostId from, HostId to) {
  DatagramPacket& packet = world_.datagrams.new_packet(body);
  packet.fragment = 0;
  packet.unreachable = true;
  packet.length = 0;
  packet.wire_bytes = body.unreachable_bytes();
  packet.tag = unreachable_tag;
  emit(packet, from, to);
}

void SimDatagram::close() noexcept {
  if (!open_) return;
  open_ = false;
  world_.record(EventKind::datagram_closed, id_, waiting_.size());
  const auto [first, last] = host_.datagram_sockets.equal_range(local_.port);
  host_.datagram_sockets.erase(
      std::find_if(first, last, [this](const auto& each) { return each.second == this; }));
  for (Datagram* const body : std::exchange(waiting_, {})) world_.datagrams.let_go(*body);
}

void SimDatagram::release() noexcept {
  close();
  holder_->datagram_sockets.erase(*this);
  holder_ = nullptr;
  if (in_flight_ == 0) delete this;
}

void SimDatagram::packet_gone() noexcept {
  if (--in_flight_ == 0 && holder_ == nullptr) delete this;
}

}  // namespace piccolo
