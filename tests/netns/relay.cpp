#include "relay.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

namespace piccolo::netns {
namespace {

TimePoint monotonic_now() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return TimePoint(std::chrono::seconds(now.tv_sec) + Duration(now.tv_nsec));
}

// The timers of this thread are exact, and it goes before the programs if it may: a wire does not
// wait for a processor.
void be_punctual() noexcept {
  ::prctl(PR_SET_TIMERSLACK, 1);
  const sched_param first{.sched_priority = 1};
  static_cast<void>(::pthread_setschedparam(::pthread_self(), SCHED_RR, &first));
}

// How long before a delivery the thread is awake, and looks at the clock until it is time: being
// woken takes tens of microseconds, more on a virtual machine.
constexpr Duration wake_up_time = std::chrono::microseconds(100);

constexpr std::size_t header_v4 = 20;
constexpr std::size_t header_v6 = 40;

unsigned byte_at(std::span<const std::byte> packet, std::size_t at) noexcept {
  return std::to_integer<unsigned>(packet[at]);
}

// Addresses, protocol and ports, folded; none for what no connection sends: the kernels' own
// multicast, of which simulated hosts know nothing.
std::optional<std::uint64_t> flow_of(std::span<const std::byte> packet) noexcept {
  if (packet.size() < header_v4) return std::nullopt;
  const bool v4 = byte_at(packet, 0) >> 4U == 4;
  const std::size_t header = v4 ? header_v4 : header_v6;
  if (packet.size() < header + 4) return std::nullopt;
  const unsigned destination = byte_at(packet, v4 ? 16 : 24);
  if (v4 ? destination >> 4U == 0xe : destination == 0xff) return std::nullopt;
  std::uint64_t flow = byte_at(packet, v4 ? 9 : 6);
  // From the addresses to the ports, which follow them.
  for (std::size_t at = v4 ? 12 : 8; at < header + 4; ++at) flow = mix(flow, byte_at(packet, at));
  return flow;
}

constexpr auto later = [](const auto& a, const auto& b) {
  return std::pair(a.at, a.order) > std::pair(b.at, b.order);
};

}  // namespace

Relay::Relay(const LinkOptions& options, std::uint64_t seed)
    : random_(seed),
      bell_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      directions_{Direction(options), Direction(options)} {
  if (!bell_.valid()) throw std::system_error(errno, std::generic_category(), "eventfd");
  thread_ = std::thread([this] { run(); });
}

Relay::~Relay() {
  stopping_ = true;
  wake();
  thread_.join();
}

void Relay::wake() noexcept { static_cast<void>(::eventfd_write(bell_.get(), 1)); }

void Relay::attach(unsigned host, FileDescriptor tun) {
  detach(host);
  const std::lock_guard lock(mutex_);
  directions_[host].tun = std::move(tun);
}

void Relay::detach(unsigned host) {
  const std::lock_guard lock(mutex_);
  FileDescriptor& tun = directions_[host].tun;
  // Not closed: the thread may be polling it, and its number must not become somebody else's.
  if (tun.valid()) retired_.push_back(std::move(tun));
  std::erase_if(heap_, [&](const Packet& packet) { return packet.from != host; });
  std::ranges::make_heap(heap_, later);
  wake();
}

void Relay::cut(unsigned from) {
  const std::lock_guard lock(mutex_);
  take_all(from);
  directions_[from].model.cut();
}

void Relay::mend(unsigned from) {
  const std::lock_guard lock(mutex_);
  take_all(from);
  directions_[from].model.mend();
}

void Relay::set_link(unsigned from, const LinkOptions& options) {
  const std::lock_guard lock(mutex_);
  take_all(from);
  directions_[from].model.set_options(options);
}

Relay::Counts Relay::counts(unsigned from) const {
  const std::lock_guard lock(mutex_);
  return directions_[from].counts;
}

std::uint64_t Relay::sent(unsigned from) {
  const std::lock_guard lock(mutex_);
  take_all(from);
  return directions_[from].packets;
}

void Relay::run() {
  be_punctual();
  while (!stopping_) {
    wait();
    const std::lock_guard lock(mutex_);
    for (unsigned from = 0; from < directions_.size(); ++from) take_all(from);
    deliver_due();
  }
}

// Until a packet can be read or must be delivered.
void Relay::wait() {
  std::array<pollfd, 3> watched{};
  timespec patience{};
  bool forever = false;
  {
    const std::lock_guard lock(mutex_);
    watched[0] = {bell_.get(), POLLIN, 0};
    // poll(2) passes over negative descriptors: hosts that are not there.
    watched[1] = {directions_[0].tun.get(), POLLIN, 0};
    watched[2] = {directions_[1].tun.get(), POLLIN, 0};
    forever = heap_.empty();
    if (!forever) {
      const auto left = std::max(heap_.front().at - monotonic_now() - wake_up_time, Duration(0));
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
      patience = {seconds.count(), (left - seconds).count()};
    }
  }
  static_cast<void>(
      ::ppoll(watched.data(), watched.size(), forever ? nullptr : &patience, nullptr));
  eventfd_t rings = 0;
  static_cast<void>(::eventfd_read(bell_.get(), &rings));
}

void Relay::take_all(unsigned from) {
  std::array<std::byte, 65'536> buffer;
  const FileDescriptor& tun = directions_[from].tun;
  while (tun.valid()) {
    const auto got = ::read(tun.get(), buffer.data(), buffer.size());
    if (got <= 0) return;
    take(from, std::span(buffer).first(static_cast<std::size_t>(got)), monotonic_now());
  }
}

void Relay::take(unsigned from, std::span<const std::byte> bytes, TimePoint now) {
  const auto flow = flow_of(bytes);
  if (!flow) return;
  Direction& direction = directions_[from];
  TimePoint& last = direction.last_arrivals[*flow];
  Draws draws = random_.stream("packet", 2 * ++direction.packets + from);
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const PacketFate fate = direction.model.send(now, size, last, draws);
  if (fate.copies == 0) {
    ++direction.counts.lost;
    return;
  }
  if (!fate.reordered) last = fate.arrivals[0];
  if (fate.copies > 1) ++direction.counts.copied;
  for (std::size_t copy = 0; copy < fate.copies; ++copy) {
    heap_.push_back(Packet{fate.arrivals[copy], ++order_, direction.packets, from,
                           std::vector<std::byte>(bytes.begin(), bytes.end())});
    std::ranges::push_heap(heap_, later);
  }
}

void Relay::deliver_due() {
  const TimePoint now = monotonic_now();
  while (!heap_.empty() && heap_.front().at <= now) {
    std::ranges::pop_heap(heap_, later);
    deliver(heap_.back());
    heap_.pop_back();
  }
}

void Relay::deliver(const Packet& packet) {
  Direction& direction = directions_[packet.from];
  const FileDescriptor& tun = directions_[1 - packet.from].tun;
  // A cut loses what is on the wire as well.
  if (direction.model.is_cut() || !tun.valid() ||
      ::write(tun.get(), packet.bytes.data(), packet.bytes.size()) < 0) {
    ++direction.counts.lost;
    return;
  }
  ++direction.counts.forwarded;
  if (packet.sent < direction.latest) ++direction.counts.overtaken;
  direction.latest = std::max(direction.latest, packet.sent);
}

}  // namespace piccolo::netns
