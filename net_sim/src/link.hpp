#pragma once

// One direction between two hosts (or of a host's loopback): the link model, the packets that are
// on their way by it, and what faults do to them.

#include <cstdint>
#include <vector>

#include "packet.hpp"
#include "piccolo/net_sim/faults.hpp"
#include "piccolo/net_sim/link_model.hpp"
#include "piccolo/net_sim/observer.hpp"
#include "piccolo/net_sim/trace.hpp"
#include "piccolo/net_sim/world.hpp"
#include "slot_list.hpp"

namespace piccolo {

class Link {
 public:
  Link(World::Impl& world, HostId source, HostId target, const LinkOptions& options,
       std::uint64_t draws) noexcept
      : from(source), to(target), model(options), world_(world), draws_(draws) {}

  // Takes the packet over: in the end it is delivered, or not, and recycled.
  void send(Packet& packet) noexcept;
  void arrived(Packet& packet) noexcept;

  void reseed(std::uint64_t draws) noexcept { draws_ = draws; }

  // ---- faults ----
  void hold() noexcept { ++holds_; }
  void release();  // what was held back goes on its way, in the order it came
  void throttle(std::uint64_t bytes_per_second);
  void unthrottle(std::uint64_t bytes_per_second);

  const HostId from;
  const HostId to;
  LinkModel model;
  std::uint32_t swizzled = 0;  // how many of the model's cuts are a swizzle's

 private:
  void travel(Packet& packet) noexcept;
  void schedule(Packet& packet, TimePoint at) noexcept;
  void schedule_copy(Packet& packet, TimePoint at) noexcept;
  void lose(Packet& packet, PacketFate::Loss why) noexcept;
  void record(EventKind kind, PacketStep step, const Packet& packet) noexcept;
  void show(PacketStep step, const Packet& packet) noexcept;
  void count(const PacketFate& fate) noexcept;
  void redistribute();  // the rate has changed: who still waits departs anew

  World::Impl& world_;
  std::uint64_t draws_;  // the key of its draws; their other coordinate is the packet
  std::uint32_t holds_ = 0;
  std::vector<Packet*> held_;
  SlotList<Packet, &Packet::link_slot> queued_;  // on a limited link, until they arrive
};

}  // namespace piccolo
