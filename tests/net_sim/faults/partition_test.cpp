// Who reaches whom under each form of partition, and under a swizzle.

#include <algorithm>

#include "../lab.hpp"
#include "piccolo/core/with_timeout.hpp"

namespace piccolo::test {
namespace {

constexpr std::uint16_t port = 80;
constexpr Duration patience = milliseconds(5);

Task<void> accepts(Env& env) {
  Listener listener =
      conformance::listen_or_throw(env, Endpoint(Address::any(Address::Family::v4), port));
  for (;;) {
    const auto stream = co_await listener.accept();
    if (!stream) co_return;
  }
}

// '+' when it got an answer, '-' when not.
Task<void> tries(Env& env, Endpoint target, char* result) {
  const auto stream = co_await with_timeout(env.clock, patience, env.network.connect(target));
  *result = stream ? '+' : '-';
}

struct Hosts {
  explicit Hosts(std::uint32_t count)
      : world(1, WorldOptions()), rows(count, std::string(count, '.')) {
    for (std::uint32_t host = 0; host < count; ++host) {
      world.add_host("h" + std::to_string(host));
      world.start(world.add_process(host, "server", [](Env& env) { return accepts(env); }));
    }
  }

  // A row for each host: whom it reaches.
  const Lines& reach() {
    for (HostId from = 0; from < rows.size(); ++from) {
      for (HostId to = 0; to < rows.size(); ++to) {
        if (from != to) try_once(from, to);
      }
    }
    world.run_until(world.now() + 2 * patience);
    return rows;
  }

  void try_once(HostId from, HostId to) {
    const Endpoint target(world.host_address(to), port);
    char* const result = &rows[from][to];
    world.start(world.add_process(
        from, "client", [target, result](Env& env) { return tries(env, target, result); }));
  }

  World world;
  Lines rows;
};

const Lines everybody{".+++", "+.++", "++.+", "+++."};

TEST_CASE("a cut loses one direction, of which either is enough for nobody to connect") {
  Hosts hosts(4);
  hosts.world.cut(0, 1);
  CHECK(hosts.reach() == Lines{".-++", "-.++", "++.+", "+++."});
  hosts.world.mend(0, 1);
  CHECK(hosts.reach() == everybody);
}

TEST_CASE("a pair, a host and a side are cut off from the others") {
  Hosts hosts(4);
  hosts.world.partition(1, 2);
  CHECK(hosts.reach() == Lines{".+++", "+.-+", "+-.+", "+++."});
  hosts.world.heal(1, 2);
  hosts.world.isolate(3);
  CHECK(hosts.reach() == Lines{".++-", "+.+-", "++.-", "---."});
  hosts.world.rejoin(3);
  const std::array<HostId, 2> side{0, 2};
  hosts.world.split(side);
  CHECK(hosts.reach() == Lines{".-+-", "-.-+", "+-.-", "-+-."});
  hosts.world.unite(side);
  CHECK(hosts.reach() == everybody);
  CHECK(hosts.world.fault_counts()[FaultKind::partition].observed > 0);
}

TEST_CASE("in a ring each host reaches its two neighbours") {
  Hosts hosts(6);
  hosts.world.leave_ring();
  CHECK(hosts.reach() == Lines{".+---+", "+.+---", "-+.+--", "--+.+-", "---+.+", "+---+."});
  hosts.world.heal_ring();
  CHECK(hosts.reach().front() == ".+++++");
}

TEST_CASE("partitions nest: a link is whole when the last of them is healed") {
  Hosts hosts(4);
  hosts.world.isolate(0);
  hosts.world.leave_ring();
  hosts.world.partition(0, 2);
  hosts.world.rejoin(0);
  hosts.world.heal(0, 2);
  CHECK(hosts.reach() == Lines{".+-+", "+.+-", "-+.+", "+-+."});
  hosts.world.heal_ring();
  CHECK(hosts.reach() == everybody);
}

// For hosts 1 to 3: when each was first found cut off, and when it was first found back.
struct Swizzled {
  std::array<int, 4> out{};
  std::array<int, 4> back{};
  FaultCounts counts;
};

Swizzled swizzle(std::uint64_t pick) {
  Hosts hosts(4);
  const std::array<HostId, 3> some{1, 2, 3};
  Swizzled found;
  hosts.world.swizzle(some, seconds(2), pick);
  for (int step = 1; step <= 250; ++step) {
    const std::string row = hosts.reach().front();
    for (std::size_t host = 1; host < 4; ++host) {
      if (row[host] == '-' && found.out[host] == 0) found.out[host] = step;
      if (row[host] == '+' && found.out[host] != 0 && found.back[host] == 0)
        found.back[host] = step;
    }
  }
  CHECK(hosts.reach() == everybody);
  found.counts = hosts.world.fault_counts();
  return found;
}

TEST_CASE("a swizzle cuts hosts off one by one, and lets them back in another order") {
  int other_order = 0;
  for (std::uint64_t pick = 1; pick <= 12; ++pick) {
    const Swizzled found = swizzle(pick);
    std::array<std::size_t, 3> out{1, 2, 3};
    std::array<std::size_t, 3> back{1, 2, 3};
    std::sort(out.begin(), out.end(),
              [&](std::size_t a, std::size_t b) { return found.out[a] < found.out[b]; });
    std::sort(back.begin(), back.end(),
              [&](std::size_t a, std::size_t b) { return found.back[a] < found.back[b]; });
    if (out != back) ++other_order;
    for (std::size_t host = 1; host < 4; ++host) {
      CHECK(found.out[host] > 0);
      CHECK(found.out[host] <= 102);
      CHECK(found.back[host] >= 100);
      CHECK(found.back[host] <= 202);
    }
    CHECK(found.counts[FaultKind::swizzle].injected == 3);
    CHECK(found.counts[FaultKind::swizzle].observed > 0);
    CHECK(found.counts[FaultKind::partition].observed == 0);
  }
  CHECK(other_order >= 6);
}

}  // namespace
}  // namespace piccolo::test
