// What a tap is shown of each kind of packet.

#include "datagram.hpp"
#include "tcp.hpp"
#include "world_impl.hpp"

namespace piccolo {
namespace {

bool is_new(const PacketView& view) {
  return view.step == PacketStep::sent || view.step == PacketStep::duplicated;
}

}  // namespace

std::uint32_t TcpEnd::segment_bytes_offered() const noexcept {
  return host_ != nullptr ? tcp().segment_bytes_max : 0;
}

bool TcpEnd::copy_sent(std::uint64_t offset, std::span<std::byte> to) const noexcept {
  if (offset < outgoing_.begin() || offset + to.size() > outgoing_.end()) return false;
  outgoing_.copy_out(offset, to);
  return true;
}

void Segment::show(PacketView& view, std::vector<std::byte>& payload) const {
  const TcpEnd& sender = connection->end(to == Role::client ? Role::server : Role::client);
  view.protocol = PacketProtocol::tcp;
  // Not those of the server's end, which may not exist: somebody has to refuse, too.
  const Endpoint client = connection->client.local_endpoint();
  view.source = to == Role::server ? client : connection->target;
  view.destination = to == Role::server ? connection->target : client;
  view.payload_bytes = length;
  view.tcp = TcpView{.flags = {.syn = has(syn),
                               .ack = has(ack),
                               .fin = has(fin),
                               .rst = has(rst),
                               .probe = has(probe)},
                     .sequence = sequence,
                     .acknowledged = acknowledged,
                     .limit = limit,
                     .segment_bytes_max = sender.segment_bytes_offered(),
                     .selective_count = selective_count,
                     .timestamp = sent,
                     .echo = echo,
                     .to = to};
  for (std::size_t index = 0; index < selective_count; ++index) {
    view.tcp.selective[index] = {selective[index].begin, selective[index].end};
  }
  if (length == 0 || !is_new(view)) return;
  payload.resize(length);
  if (!sender.copy_sent(sequence, payload)) payload.clear();
  view.payload = payload;
}

void DatagramPacket::show(PacketView& view, std::vector<std::byte>& /*payload*/) const {
  view.protocol = unreachable ? PacketProtocol::icmp : PacketProtocol::udp;
  view.source = unreachable ? Endpoint(body->to.address, 0) : body->from;
  view.destination = unreachable ? Endpoint(body->from.address, 0) : body->to;
  view.payload_bytes = static_cast<std::uint32_t>(body->payload.size());
  view.udp = UdpView{.datagram = body->number,
                     .fragment = fragment,
                     .fragments = body->fragments(),
                     .offset = body->fragment_offset(fragment)};
  if (is_new(view)) view.payload = body->payload;
}

}  // namespace piccolo
