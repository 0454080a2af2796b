// Binding datagram sockets, and finding them.

#include <algorithm>

#include "incarnation.hpp"
#include "ports.hpp"
#include "world_impl.hpp"

namespace piccolo {
namespace {

bool datagram_port_taken(const Host& host, const Endpoint& wanted) {
  const auto [first, last] = host.datagram_sockets.equal_range(wanted.port);
  return std::any_of(first, last,
                     [&](const auto& each) { return overlap(each.second->bound(), wanted); });
}

// SO_RCVBUF in socket(7): at most net.core.rmem_max, then doubled, and at least 2304.
std::uint32_t receive_buffer(const DatagramOptions& options, const UdpOptions& defaults) {
  constexpr std::uint32_t most = 212'992;
  constexpr std::uint32_t least = 2304;
  if (options.receive_buffer_bytes == 0) return defaults.receive_buffer;
  return std::max(2 * std::min(options.receive_buffer_bytes, most), least);
}

}  // namespace

Result<DatagramSocket> SimNetwork::bind_datagram(const Endpoint& local,
                                                 const DatagramOptions& options) {
  if (holder_.sockets_closed) return failure(std::errc::bad_file_descriptor);
  if (holder_.lacks_descriptor()) return failure(std::errc::too_many_files_open);
  Host& host = holder_.host;
  Endpoint bound = local.canonical();
  if (!bound.address.is_unspecified() && !host.owns(bound.address)) {
    return failure(std::errc::address_not_available);
  }
  const std::uint64_t id = mix64(mix(draws_, site_hash("datagram")) + golden_gamma * ++datagrams_);
  if (bound.port == 0) {
    bound.port = find_port(host.ephemeral_ports, mix64(id), [&](std::uint16_t port) {
      return !datagram_port_taken(host, Endpoint(bound.address, port));
    });
    if (bound.port == 0) return failure(std::errc::address_in_use);
  } else if (datagram_port_taken(host, bound)) {
    return failure(std::errc::address_in_use);
  }
  auto* const socket = new SimDatagram(world_, host, holder_, id, bound,
                                       receive_buffer(options, world_.options.udp));
  world_.record(EventKind::datagram_bound, id, holder_.process.id, bound.port);
  return DatagramSocket(*socket);
}

SimDatagram* Host::datagram_socket_for(const Endpoint& local,
                                       const Endpoint& remote) const noexcept {
  SimDatagram* wildcard = nullptr;
  const auto [first, last] = datagram_sockets.equal_range(local.port);
  for (auto at = first; at != last; ++at) {
    SimDatagram* const socket = at->second;
    if (!socket->takes_from(remote)) continue;
    if (socket->bound().address == local.address) return socket;
    if (wildcard_takes(socket->bound().address, local.address)) wildcard = socket;
  }
  return wildcard;
}

}  // namespace piccolo
