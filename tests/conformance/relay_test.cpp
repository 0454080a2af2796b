// The wire of the "netns: ..." tests itself: that it breaks what it is told to break. Else they
// would pass for want of trouble.

#include "relay.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <system_error>
#include <thread>

#include "catch.hpp"
#include "namespace.hpp"
#include "wire.hpp"
#include "worlds.hpp"

namespace piccolo::netns {
namespace {

constexpr unsigned datagrams = 2000;

// UDP: nobody sends again what is lost, and nobody acknowledges.
void send_datagrams() {
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(9);
  ::inet_pton(AF_INET, address_of(Place::b).to_string().c_str(), &to.sin_addr);
  const std::array<std::byte, 100> data{};
  for (unsigned count = 0; count < datagrams; ++count) {
    const auto sent = ::sendto(socket.get(), data.data(), data.size(), 0,
                               reinterpret_cast<const sockaddr*>(&to), sizeof to);
    if (sent < 0) throw std::system_error(errno, std::generic_category(), "sendto");
  }
}

// What becomes of the datagrams that a sends to b.
Relay::Counts counts_over(const LinkOptions& link, bool cut = false) {
  const Namespace a;
  const Namespace b;
  Relay relay(link, 1);
  TunOptions options;
  options.v4 = address_of(Place::a);
  a.inside([&] { relay.attach(0, open_tun(options)); });
  options.v4 = address_of(Place::b);
  b.inside([&] { relay.attach(1, open_tun(options)); });
  if (cut) relay.cut(0);
  a.inside(send_datagrams);
  Relay::Counts counts = relay.counts(0);
  for (int patience = 0; patience < 500 && counts.forwarded + counts.lost < datagrams; ++patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    counts = relay.counts(0);
  }
  // Copies may arrive after the last original.
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return relay.counts(0);
}

TEST_CASE("netns: the relay loses, doubles and reorders as many packets as the link says") {
  if (!conformance::namespaces_permitted()) return;
  LinkOptions link;
  link.loss_ppm = 100'000;
  link.duplicate_ppm = 100'000;
  link.reorder_ppm = 100'000;
  link.reorder_by = std::chrono::milliseconds(5);
  const Relay::Counts counts = counts_over(link);
  CHECK(counts.forwarded + counts.lost - counts.copied == datagrams);
  CHECK(counts.lost > datagrams / 20);
  CHECK(counts.lost < datagrams / 5);
  CHECK(counts.copied > datagrams / 20);
  CHECK(counts.copied < datagrams / 5);
  CHECK(counts.overtaken > datagrams / 50);
}

TEST_CASE("netns: the relay hands on every packet, in its order, where the link is whole") {
  if (!conformance::namespaces_permitted()) return;
  const Relay::Counts counts = counts_over(LinkOptions());
  CHECK(counts.forwarded == datagrams);
  CHECK(counts.lost == 0);
  CHECK(counts.copied == 0);
  CHECK(counts.overtaken == 0);
}

TEST_CASE("netns: the relay hands on nothing where the link is cut") {
  if (!conformance::namespaces_permitted()) return;
  const Relay::Counts counts = counts_over(LinkOptions(), true);
  CHECK(counts.forwarded == 0);
  CHECK(counts.lost == datagrams);
}

TEST_CASE("netns: the relay drops what the queue of a narrow link cannot hold") {
  if (!conformance::namespaces_permitted()) return;
  LinkOptions link;
  link.bandwidth_bytes_per_second = 100'000;
  link.queue_bytes = 64 * 128;  // 64 packets: 100 bytes and their headers
  const Relay::Counts counts = counts_over(link);
  CHECK(counts.forwarded >= 64);
  CHECK(counts.lost > datagrams / 4);
  CHECK(counts.forwarded + counts.lost == datagrams);
}

}  // namespace
}  // namespace piccolo::netns
