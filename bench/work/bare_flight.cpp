#include <array>
#include <cstddef>

#include "bare_world.hpp"
#include "scale.hpp"

namespace piccolo::bench {
namespace {

using Message = std::array<std::byte, 64>;
constexpr std::uint64_t latency = 100'000'000;

class Flight {
 public:
  explicit Flight(std::uint64_t messages) {
    slots_.resize(messages);
    heap_.reserve(messages);
    for (std::uint32_t slot = 0; slot < messages; ++slot) {
      free_.push_back(slot);
      send(Message{}, slot % 2);
    }
  }
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

  void send(const Message& message, std::uint32_t to) {
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    slots_[slot] = message;
    heap_.push_back({now_ + latency + scale_to(draw(), latency), draw(), slot, to});
    std::push_heap(heap_.begin(), heap_.end());
  }
  void receive(Message& message) {
    message = slots_[arrived_];
    free_.push_back(arrived_);
  }
  void step() {
    std::pop_heap(heap_.begin(), heap_.end());
    const Entry next = heap_.back();
    heap_.pop_back();
    now_ = next.at;
    arrived_ = next.slot;
    waiting[next.to].resume();
  }

  std::array<std::coroutine_handle<>, 2> waiting;

 private:
  struct Entry {
    std::uint64_t at;
    std::uint64_t tie;
    std::uint32_t slot;
    std::uint32_t to;
    // The heap has its greatest first.
    bool operator<(const Entry& other) const noexcept {
      return at != other.at ? at > other.at : tie > other.tie;
    }
  };

  std::uint64_t draw() noexcept { return mix64(golden_gamma * ++draws_); }

  std::uint64_t draws_ = 0;
  std::uint64_t now_ = 0;
  std::uint32_t arrived_ = 0;
  std::vector<Entry> heap_;
  std::vector<Message> slots_;
  std::vector<std::uint32_t> free_;
};

BareTask send_back(Flight& flight, std::uint32_t me) {
  Message buffer{};
  for (;;) {
    flight.receive(buffer);
    flight.send(buffer, 1 - me);
    co_await std::suspend_always();
  }
}

}  // namespace

std::uint64_t bare_flight(std::uint64_t messages, std::uint64_t hops) {
  Flight flight(messages);
  const BareTask here = send_back(flight, 0);
  const BareTask there = send_back(flight, 1);
  flight.waiting = {here.handle(), there.handle()};
  for (std::uint64_t hop = 0; hop < hops; ++hop) flight.step();
  return hops;
}

}  // namespace piccolo::bench
