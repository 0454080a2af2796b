// The node's bookkeeping: back-off, who it is itself, and whom it talks to.

#include <array>
#include <set>
#include <string>
#include <vector>

#include "piccolo/core/node/backoff.hpp"
#include "piccolo/core/node/peer_table.hpp"
#include "piccolo/core/node/self.hpp"
#include "property.hpp"

using namespace piccolo;
using namespace std::chrono_literals;

namespace {

TimingConfig timing(Duration retry, Duration retry_max, std::uint32_t jitter) {
  TimingConfig config;
  config.retry = retry;
  config.retry_max = retry_max;
  config.retry_jitter_percent = jitter;
  return config;
}

Endpoint at(std::string_view text) { return Endpoint::parse(text).value(); }

bool is_self(std::string_view bound, std::string_view target) {
  Self self;
  self.listening_on(at(bound));
  const std::array local{Address::parse("127.0.0.1").value(), Address::parse("::1").value(),
                         Address::parse("192.168.1.5").value(), Address::parse("fd00::5").value()};
  return self.is_self(at(target), local);
}

PeerTable::Claim claim(PeerTable& peers, const std::vector<std::string>& addresses) {
  std::vector<Endpoint> endpoints;
  for (const std::string& address : addresses) endpoints.push_back(at(address));
  return peers.claim(endpoints);
}

}  // namespace

TEST_CASE("backoff: doubles up to its maximum, and starts again after a reset") {
  Backoff backoff(timing(1s, 5s, 0), Draws(1));
  for (const Duration expected : {1s, 2s, 4s, 5s, 5s}) CHECK(backoff.next() == expected);
  backoff.reset();
  CHECK(backoff.next() == 1s);
}

TEST_CASE("backoff: the jitter shortens each wait by up to its share, never more") {
  rc::prop("any configuration", [](std::uint64_t key) {
    const Duration first(*rc::gen::inRange<std::int64_t>(1, 86'400'000'000'000));
    const Duration most(*rc::gen::inRange<std::int64_t>(first.count(), 86'400'000'000'001));
    const auto jitter = *rc::gen::inRange<std::uint32_t>(0, 101);
    Backoff backoff(timing(first, most, jitter), Draws(key));
    Duration full = first;
    for (int index = 0; index < 60; ++index) {
      const Duration wait = backoff.next();
      RC_ASSERT(wait <= full);
      RC_ASSERT(wait >= full - full / 100 * jitter);
      full = full > most / 2 ? most : full * 2;
    }
    RC_ASSERT(full == most);
  });
}

TEST_CASE("backoff: nodes with different draws do not stay in step") {
  std::set<Duration> waits;
  for (std::uint64_t key = 0; key < 10; ++key) {
    waits.insert(Backoff(timing(2s, 2s, 10), Draws(key)).next());
  }
  CHECK(waits.size() == 10);
}

TEST_CASE("self: the bound endpoint, in every spelling, and no other") {
  CHECK(is_self("127.0.0.1:19919", "127.0.0.1:19919"));
  CHECK(is_self("127.0.0.1:19919", "[::ffff:127.0.0.1]:19919"));
  CHECK(is_self("127.0.0.1:19919", "0.0.0.0:19919"));
  CHECK_FALSE(is_self("127.0.0.1:19920", "127.0.0.1:19919"));
  CHECK_FALSE(is_self("127.0.0.1:19919", "127.0.0.2:19919"));
  CHECK_FALSE(is_self("127.0.0.1:19919", "[::1]:19919"));
  CHECK_FALSE(is_self("127.0.0.1:19919", "192.168.1.5:19919"));
}

TEST_CASE("self: bound to a wildcard, every address of this machine") {
  CHECK(is_self("0.0.0.0:19919", "192.168.1.5:19919"));
  CHECK(is_self("0.0.0.0:19919", "127.1.2.3:19919"));
  CHECK_FALSE(is_self("0.0.0.0:19919", "[fd00::5]:19919"));
  CHECK_FALSE(is_self("0.0.0.0:19919", "192.168.1.6:19919"));
  CHECK(is_self("[::]:19919", "[fd00::5]:19919"));
  CHECK(is_self("[::]:19919", "192.168.1.5:19919"));
  CHECK(is_self("[::]:19919", "0.0.0.0:19919"));
  CHECK_FALSE(is_self("[::]:19919", "[fd00::6]:19919"));
  CHECK_FALSE(is_self("[::]:19920", "[fd00::5]:19919"));
}

TEST_CASE("peer table: one claim a peer at a time, under any spelling") {
  PeerTable peers;
  {
    const auto first = claim(peers, {"10.0.0.1:80"});
    CHECK(first);
    CHECK_FALSE(claim(peers, {"[::ffff:10.0.0.1]:80"}));
    CHECK(claim(peers, {"10.0.0.1:81"}));
  }
  auto again = claim(peers, {"10.0.0.1:80"});
  CHECK(again);
  const auto moved = std::move(again);
  CHECK(moved);
  CHECK_FALSE(claim(peers, {"10.0.0.1:80"}));
}

TEST_CASE("peer table: a peer with several addresses is claimed with all of them, or not at all") {
  PeerTable peers;
  {
    const auto twice = claim(peers, {"10.0.0.1:80", "[::ffff:10.0.0.1]:80", "[fd00::1]:80"});
    CHECK(twice);
    CHECK_FALSE(claim(peers, {"[fd00::1]:80"}));
    CHECK_FALSE(claim(peers, {"10.0.0.2:80", "10.0.0.1:80"}));
    CHECK(claim(peers, {"10.0.0.2:80"}));
  }
  CHECK(claim(peers, {"10.0.0.1:80", "[fd00::1]:80"}));
}
