#pragma once

// The wire between two kernels: takes IP packets out of one TUN device, asks the simulator's
// LinkModel what becomes of them, and puts them into the other in time. So real TCP meets the very
// links that simulated TCP meets.

#include <poll.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <thread>
#include <unordered_map>
#include <vector>

#include "file_descriptor.hpp"
#include "piccolo/core/random.hpp"
#include "piccolo/net_sim/link_model.hpp"

namespace piccolo::netns {

using real::FileDescriptor;

// All members may be called from any thread. Hosts are 0 and 1; a direction is named by where it
// comes from.
class Relay {
 public:
  struct Counts {
    std::uint64_t forwarded = 0;  // written into the other device, copies included
    std::uint64_t lost = 0;       // by the link, or because nobody is there
    std::uint64_t copied = 0;
    std::uint64_t overtaken = 0;  // delivered after a packet that was sent later
  };

  // Starts its thread. The same `options` both ways.
  Relay(const LinkOptions& options, std::uint64_t seed);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // From now on this device is the host's. The former one stays open, and is not read any more.
  void attach(unsigned host, FileDescriptor tun);
  // The host is gone, and what is on its way to it is lost.
  void detach(unsigned host);

  // What was sent before the call has passed the link as it was: a program that writes, cuts and
  // writes again knows what is lost.
  void cut(unsigned from);
  void mend(unsigned from);
  void set_link(unsigned from, const LinkOptions& options);
  Counts counts(unsigned from) const;
  // Packets of connections and sockets that the host has sent before the call.
  std::uint64_t sent(unsigned from);

 private:
  struct Packet {
    TimePoint at;
    std::uint64_t order = 0;  // of the packets that arrive at one time
    std::uint64_t sent = 0;   // as a number in its direction
    unsigned from = 0;
    std::vector<std::byte> bytes;
  };
  struct Direction {
    explicit Direction(const LinkOptions& options) : model(options) {}
    LinkModel model;
    FileDescriptor tun;                                          // of the host that it comes from
    std::unordered_map<std::uint64_t, TimePoint> last_arrivals;  // by flow
    std::uint64_t packets = 0;
    std::uint64_t latest = 0;  // `sent` of the packets delivered, at most
    Counts counts;
  };

  void run();
  void wait();
  void wake() noexcept;
  // With mutex_ held:
  void take_all(unsigned from);
  void take(unsigned from, std::span<const std::byte> bytes, TimePoint now);
  void deliver_due();
  void deliver(const Packet& packet);

  Random random_;
  std::atomic<bool> stopping_ = false;
  FileDescriptor bell_;  // an eventfd: something changed

  mutable std::mutex mutex_;  // guards all that follows
  std::array<Direction, 2> directions_;
  std::vector<Packet> heap_;
  std::uint64_t order_ = 0;
  std::vector<FileDescriptor> retired_;

  std::thread thread_;
};

}  // namespace piccolo::netns
