#pragma once

// UDP as a program can observe it: datagrams cut into IP fragments that travel over the links and
// are put together again, a bounded receive buffer, ports, filters, and "port unreachable".

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "packet.hpp"
#include "piccolo/core/datagram.hpp"
#include "piccolo/core/random.hpp"
#include "piccolo/net_sim/observer.hpp"
#include "piccolo/net_sim/world.hpp"
#include "slot_list.hpp"

namespace piccolo {

class SimDatagram;
struct Host;
struct Incarnation;

// One datagram as it was sent; pooled. Shared by its packets and by the receive buffers it is in.
class Datagram {
 public:
  SimDatagram* owner = nullptr;  // who sent it; valid while one of its packets is on its way
  std::uint64_t number = 0;      // of its owner's
  Endpoint from;
  Endpoint to;
  std::vector<std::byte> payload;
  std::uint32_t references = 0;

  // Cuts it for a link: how many bytes of the UDP packet each fragment carries at most.
  void cut_into(std::uint32_t mtu_bytes);
  std::uint32_t fragments() const noexcept { return static_cast<std::uint32_t>(here_.size()); }
  std::uint32_t fragment_bytes(std::uint32_t index) const noexcept;
  std::uint32_t fragment_offset(std::uint32_t index) const noexcept { return index * room_; }
  std::uint32_t header_bytes() const noexcept;       // that IP puts before each fragment
  std::uint32_t unreachable_bytes() const noexcept;  // of the ICMP message about it

  // The receiving host's reassembly. True when it was the last one missing. `boot` tells the lives
  // of the host apart: it forgets what it had.
  bool complete_with(std::uint32_t index, TimePoint now, std::uint64_t boot);

 private:
  std::uint32_t udp_bytes() const noexcept;

  std::uint32_t room_ = 0;  // in each fragment but the last
  std::vector<bool> here_;  // by fragment
  std::uint32_t missing_ = 0;
  TimePoint first_came_;
  std::uint64_t boot_ = 0;
};

// Packets' tags, for the trace: the fragment's number, or that it is an ICMP message.
inline constexpr std::uint16_t datagram_tag = 0x8000;
inline constexpr std::uint16_t unreachable_tag = 0x4000;

// A fragment of a datagram; or, on its way back, the ICMP message that nobody took it.
struct DatagramPacket final : Packet {
  void deliver() noexcept override;
  void recycle() noexcept override;
  Packet& duplicate() override;
  void show(PacketView& view, std::vector<std::byte>& payload) const override;

  Datagram* body = nullptr;
  std::uint32_t fragment = 0;
  bool unreachable = false;
};

// The world's sockets and the pools of what is on its way between them.
class Datagrams {
 public:
  ~Datagrams();

  Datagram& new_datagram();
  DatagramPacket& new_packet(Datagram& body);
  void recycle(DatagramPacket& packet) noexcept;
  void let_go(Datagram& body) noexcept;  // one reference less
  void reseed(std::uint64_t seed) noexcept;
  void add(SimDatagram& socket);
  void remove(SimDatagram& socket) noexcept;

 private:
  std::vector<std::unique_ptr<Datagram>> all_datagrams_;
  std::vector<Datagram*> free_datagrams_;
  std::vector<std::unique_ptr<DatagramPacket>> all_packets_;
  std::vector<DatagramPacket*> free_packets_;
  std::vector<SimDatagram*> sockets_;
};

// A socket: the kernel's state, and the backend of the program's `DatagramSocket`. Lives until
// neither the program nor a packet that it sent needs it.
class SimDatagram final : public DatagramBackend {
 public:
  // `id` is the key of its draws as well, until the world is reseeded.
  SimDatagram(World::Impl& world, Host& host, Incarnation& holder, std::uint64_t id,
              const Endpoint& local, std::uint32_t receive_buffer);
  ~SimDatagram();

  void start_receive() override;
  void start_send() override;
  Result<void> connect(const Endpoint& remote) noexcept override;
  Endpoint local_endpoint() const noexcept override { return local_; }
  std::optional<Endpoint> remote_endpoint() const noexcept override { return peer_; }
  void release() noexcept override;

  World::Impl& world() const noexcept { return world_; }
  std::uint64_t id() const noexcept { return id_; }
  void reseed(std::uint64_t seed) noexcept { draws_ = mix(seed, id_); }
  const Endpoint& bound() const noexcept { return local_; }
  bool takes_from(const Endpoint& remote) const noexcept { return !peer_ || *peer_ == remote; }
  void arrive(Datagram& body);
  void learn_unreachable() noexcept;
  void answer_unreachable(Datagram& body, HostId from, HostId to);  // to one that it sent
  void serve_receive();   // as far as there is something, and the program may run
  void close() noexcept;  // silently, as always
  void packet_left() noexcept { ++in_flight_; }
  void packet_gone() noexcept;

  std::size_t holder_slot = static_cast<std::size_t>(-1);
  std::size_t world_slot = 0;

 private:
  struct Route {
    Endpoint from;
    Endpoint to;
  };
  Result<Route> route_to(const Endpoint& remote) const noexcept;
  Result<std::size_t> transmit(const DatagramSendOperation& operation);
  void emit(const Route& route, std::span<const std::byte> data);
  void emit(DatagramPacket& packet, HostId from, HostId to);
  std::error_code take_error() noexcept { return std::exchange(error_, {}); }

  World::Impl& world_;
  Host& host_;
  Incarnation* holder_;  // while the program has a handle
  std::uint64_t id_;
  std::uint64_t draws_;  // the key of its draws
  Address::Family family_;
  Endpoint local_;
  std::optional<Endpoint> peer_;
  std::error_code error_;  // reported once, like SO_ERROR
  std::deque<Datagram*> waiting_;
  std::uint32_t buffer_;         // bytes, with the kernel's overhead
  std::uint32_t buffered_ = 0;   // likewise
  std::uint64_t sent_ = 0;       // datagrams
  std::uint64_t emitted_ = 0;    // packets: the coordinate of each one's draws
  std::uint32_t in_flight_ = 0;  // packets on their way, and answers to them
  // Per direction, when the last packet arrives: those of one socket do not overtake each other.
  std::map<std::pair<HostId, HostId>, TimerKey> flows_;
  bool open_ = true;
};

}  // namespace piccolo
