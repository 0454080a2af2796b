// A world that is run in slices, now on this thread and now on that, beside another one.

#include <fmt/format.h>

#include <thread>

#include "catch.hpp"
#include "outcome.hpp"
#include "piccolo/core/node/node.hpp"
#include "piccolo/net_sim/world.hpp"

namespace piccolo::determinism {
namespace {

constexpr std::uint32_t hosts = 3;
constexpr TimePoint end{std::chrono::seconds(20)};

Task<void> node_program(Env& env, NodeConfig config) {
  const auto ended = co_await run_node(env, std::move(config));
  if (!ended) throw std::system_error(ended.error());
}

// Three nodes, a partition and a crash.
class SmallWorld {
 public:
  explicit SmallWorld(std::uint64_t seed) : world(seed, WorldOptions()) {
    NodeConfig config;
    config.timing.hold = std::chrono::milliseconds(300);
    config.timing.retry = std::chrono::milliseconds(200);
    config.limits.message_bytes = 30'000;
    for (HostId host = 0; host < hosts; ++host) {
      world.add_host(fmt::format("n{}", host));
      config.discovery.hosts.emplace_back(world.host_address(host).to_string(), 19919);
    }
    for (HostId host = 0; host < hosts; ++host) {
      config.discovery.bind_host = world.host_address(host).to_string();
      const auto program = [config](Env& env) { return node_program(env, config); };
      world.start(world.add_process(host, world.host_name(host), program));
    }
    world.at(TimePoint(std::chrono::seconds(4)), [this] { world.partition(0, 1); });
    world.at(TimePoint(std::chrono::seconds(6)), [this] { world.kill(2); });
    world.at(TimePoint(std::chrono::seconds(8)), [this] { world.start(2); });
    world.at(TimePoint(std::chrono::seconds(9)), [this] { world.heal(0, 1); });
  }

  std::uint64_t hash() const { return world.trace().hash(); }

  World world;
};

std::uint64_t hash_in_one_go(std::uint64_t seed) {
  SmallWorld small(seed);
  CHECK(small.world.run_until(end));
  if (small.world.failure()) FAIL(small.world.failure()->rule << small.world.failure()->detail);
  CHECK(small.world.events() > 1000);
  return small.hash();
}

}  // namespace

TEST_CASE("two worlds that take turns do what each does alone") {
  SmallWorld one(1);
  SmallWorld other(2);
  for (TimePoint until; until < end; until += std::chrono::milliseconds(73)) {
    one.world.run_until(std::min(until, end));
    other.world.run_until(std::min(until + std::chrono::milliseconds(500), end));
  }
  one.world.run_until(end);
  other.world.run_until(end);
  CHECK(one.hash() == hash_in_one_go(1));
  CHECK(other.hash() == hash_in_one_go(2));
  CHECK(one.hash() != other.hash());
}

TEST_CASE("two worlds that move from thread to thread do what each does alone") {
  SmallWorld one(3);
  SmallWorld other(4);
  for (TimePoint until; until <= end; until += std::chrono::milliseconds(500)) {
    const std::jthread first([&] { one.world.run_until(until); });
    const std::jthread second([&] { other.world.run_until(until); });
  }
  CHECK(one.hash() == hash_in_one_go(3));
  CHECK(other.hash() == hash_in_one_go(4));
}

}  // namespace piccolo::determinism
