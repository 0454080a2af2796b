#pragma once

// What travels over a link: an event in the world's queue while it is on its way. The kinds of
// packets (TCP's segments, datagrams) are pooled by the world and given back by `recycle`.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "event_queue.hpp"
#include "piccolo/net_sim/packet_tap.hpp"

namespace piccolo {

class Link;

struct Packet : Event {
  static constexpr std::size_t nowhere_queued = static_cast<std::size_t>(-1);

  void fire() noexcept final;
  // It reached the host, which has power. Called at most once, before `recycle`.
  virtual void deliver() noexcept = 0;
  virtual void recycle() noexcept = 0;
  // Another packet of the same content, for a link that duplicates.
  virtual Packet& duplicate() = 0;
  // What a tap is shown of it, but for what any packet has. `payload`: where to copy bytes that do
  // not lie in one piece.
  virtual void show(PacketView& view, std::vector<std::byte>& payload) const = 0;

  Link* link = nullptr;
  TimerKey* flow = nullptr;      // when the last packet arrives that this one must not overtake
  std::uint64_t coordinate = 0;  // of its draws
  TimePoint departs;             // leaves the queue of a limited link
  std::size_t link_slot = nowhere_queued;
  bool in_order = false;  // it is part of its flow's order

  // For the trace: whose it is, what, and where in the stream.
  std::uint64_t subject = 0;
  std::uint64_t sequence = 0;
  std::uint32_t length = 0;      // of the payload
  std::uint32_t wire_bytes = 0;  // with all headers
  std::uint16_t tag = 0;

 protected:
  ~Packet() = default;
};

}  // namespace piccolo
