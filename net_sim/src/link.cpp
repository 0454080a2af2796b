#include "link.hpp"

#include <algorithm>
#include <utility>

#include "piccolo/core/assert.hpp"
#include "world_impl.hpp"

namespace piccolo {

void Packet::fire() noexcept { link->arrived(*this); }

void Link::send(Packet& packet) noexcept {
  packet.link = this;
  record(EventKind::packet_sent, PacketStep::sent, packet);
  if (holds_ == 0) return travel(packet);
  ++world_.faults[FaultKind::hold].observed;
  held_.push_back(&packet);
}

void Link::travel(Packet& packet) noexcept {
  Draws draws(packet.coordinate ^ draws_);
  if (model.is_plain()) {
    packet.in_order = true;
    const TimePoint arrival = saturating_add(world_.now, model.options().latency.draw(draws));
    return schedule(packet, std::max(arrival, packet.flow->at));
  }
  const PacketFate fate = model.send(world_.now, packet.wire_bytes, packet.flow->at, draws);
  count(fate);
  if (fate.copies == 0) return lose(packet, fate.loss);
  packet.in_order = !fate.reordered;
  packet.departs = fate.departs;
  if (fate.copies == 2) schedule_copy(packet, fate.arrivals[1]);
  schedule(packet, fate.arrivals[0]);
  if (model.is_limited() && fate.departs > world_.now) queued_.insert(packet);
}

// What is in order arrives after what was sent before it: at the same time at the earliest, and
// then right after.
void Link::schedule(Packet& packet, TimePoint at) noexcept {
  TimerKey key{at, world_.tie(packet.coordinate)};
  if (packet.in_order) {
    TimerKey& last = *packet.flow;
    last = last < key ? key : TimerKey{last.at, last.tie + 1};
    key = last;
  }
  world_.schedule(packet, key.at, key.tie);
}

void Link::schedule_copy(Packet& packet, TimePoint at) noexcept {
  Packet& copy = packet.duplicate();
  copy.link = this;
  copy.coordinate = mix64(packet.coordinate);
  copy.in_order = false;
  record(EventKind::packet_duplicated, PacketStep::duplicated, copy);
  schedule(copy, at);
}

void Link::arrived(Packet& packet) noexcept {
  queued_.erase(packet);
  if (model.is_cut()) return lose(packet, PacketFate::Loss::cut);
  if (!world_.hosts[to].up) {
    ++world_.faults[FaultKind::power_loss].observed;
    return lose(packet, PacketFate::Loss::none);
  }
  record(EventKind::packet_arrived, PacketStep::arrived, packet);
  packet.deliver();
  packet.recycle();
}

void Link::lose(Packet& packet, PacketFate::Loss why) noexcept {
  if (why == PacketFate::Loss::cut) {
    if (swizzled > 0) ++world_.faults[FaultKind::swizzle].observed;
    if (model.cuts() > swizzled) ++world_.faults[FaultKind::partition].observed;
  }
  record(EventKind::packet_lost, PacketStep::lost, packet);
  packet.recycle();
}

void Link::count(const PacketFate& fate) noexcept {
  const auto bit = [this](bool happened, FaultKind kind) {
    if (happened) ++world_.faults[kind].observed;
  };
  bit(fate.delayed_by_fault, FaultKind::delay);
  bit(fate.loss == PacketFate::Loss::fault, FaultKind::loss);
  bit(fate.duplicated_by_fault, FaultKind::duplicate);
  bit(fate.reordered_by_fault, FaultKind::reorder);
  bit(fate.throttled_by_fault, FaultKind::throttle);
}

void Link::record(EventKind kind, PacketStep step, const Packet& packet) noexcept {
  world_.record(kind, packet.subject, packet.tag, packet.sequence, packet.length);
  if (world_.tap != nullptr) [[unlikely]]
    show(step, packet);
}

void Link::show(PacketStep step, const Packet& packet) noexcept {
  PacketView view;
  view.id = packet.coordinate;
  view.step = step;
  view.at = world_.now;
  view.from = from;
  view.to = to;
  view.flow = packet.subject;
  view.wire_bytes = packet.wire_bytes;
  std::vector<std::byte> payload;
  packet.show(view, payload);
  world_.tap->packet(view);
}

void Link::release() {
  PICCOLO_ASSERT(holds_ > 0, "a link was released that is not held");
  if (--holds_ > 0) return;
  for (Packet* const packet : std::exchange(held_, {})) travel(*packet);
}

void Link::throttle(std::uint64_t bytes_per_second) {
  model.throttle(bytes_per_second);
  redistribute();
}

void Link::unthrottle(std::uint64_t bytes_per_second) {
  model.unthrottle(bytes_per_second);
  redistribute();
}

void Link::redistribute() {
  std::vector<Packet*> waiting;
  for (Packet* const packet : queued_) {
    if (packet->departs > world_.now) waiting.push_back(packet);
  }
  std::sort(waiting.begin(), waiting.end(), [](const Packet* a, const Packet* b) {
    return a->departs != b->departs ? a->departs < b->departs : a->coordinate < b->coordinate;
  });
  model.empty_queue(world_.now);
  // Forget when they would have arrived, or the first would still wait for the last.
  for (Packet* const packet : waiting) {
    if (packet->in_order) *packet->flow = TimerKey{world_.now, 0};
  }
  for (Packet* const packet : waiting) {
    const TimePoint departs = model.depart(world_.now, packet->wire_bytes);
    const Duration on_the_way = packet->due().at - packet->departs;
    packet->departs = departs;
    TimePoint arrives = saturating_add(departs, on_the_way);
    if (packet->in_order) arrives = std::max(arrives, packet->flow->at);
    schedule(*packet, arrives);
  }
}

}  // namespace piccolo
