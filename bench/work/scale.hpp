#pragma once

#include <cstdint>
#include <memory>

namespace piccolo {
class World;
}

namespace piccolo::bench {

// A simulation that is built and not yet run, so that only its run is timed.
class Crowd {
 public:
  explicit Crowd(std::unique_ptr<World> world) noexcept;
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd();

  // Until all is done. Gives the events; 0 if the world came to rest before.
  std::uint64_t run();

  // For its programs: one more is done, of as many as there must be.
  void count();
  void want(std::uint64_t items) noexcept { wanted_ = items; }

 private:
  std::unique_ptr<World> world_;
  std::uint64_t done_ = 0;
  std::uint64_t wanted_ = 0;
};

// `hosts` in a ring, at least 2: each serves echoes, and calls its neighbour, one 64-byte round
// trip after the other; `round_trips` all together.
std::unique_ptr<Crowd> ring_of_hosts(std::uint64_t hosts, std::uint64_t round_trips);

// `messages` of 64 bytes, datagrams between two hosts that send back whatever comes, so that so
// many are in flight all the time; `hops` all together.
std::unique_ptr<Crowd> messages_in_flight(std::uint64_t messages, std::uint64_t hops);

// The lower bound of the latter: a heap of moments, two coroutines, and the bytes of each message,
// which are copied in and out. Gives its events, which are the hops.
std::uint64_t bare_flight(std::uint64_t messages, std::uint64_t hops);

}  // namespace piccolo::bench
