// Liveness of a part: a core is healed and must get on, the rest stays as broken as it is.

#include <fmt/format.h>

#include <map>
#include <set>

#include "piccolo/core/network.hpp"
#include "property.hpp"
#include "toy.hpp"

namespace piccolo::test {
namespace {

constexpr std::uint16_t port = 9;
constexpr HostId hosts = 5;

// Who heard whom since the heal.
struct Heard {
  std::set<std::pair<HostId, HostId>> pairs;  // listener, speaker
  bool counting = false;

  bool talk(HostId a, HostId b) const { return pairs.contains({a, b}) && pairs.contains({b, a}); }
};

Task<void> listens(Env& env, Heard* heard, HostId self) {
  DatagramSocket socket = std::move(
      env.network.bind_datagram(Endpoint(Address::any(Address::Family::v4), port)).value());
  std::array<std::byte, 1> buffer{};
  const std::span<std::byte> space(buffer);
  for (;;) {
    const auto got = co_await socket.receive_from(space);
    if (!got) co_return;
    if (heard->counting) heard->pairs.emplace(self, static_cast<HostId>(buffer[0]));
  }
}

Task<void> speaks(Env& env, HostId self, std::vector<Endpoint> others) {
  DatagramSocket socket =
      std::move(env.network.bind_datagram(Endpoint(Address::any(Address::Family::v4), 0)).value());
  const std::array<std::byte, 1> bytes{static_cast<std::byte>(self)};
  const std::span<const std::byte> data(bytes);
  for (;;) {
    const auto slept = co_await env.clock.sleep_for(milliseconds(100));
    if (!slept) co_return;
    for (const Endpoint& other : others) co_await socket.send_to(data, other);
  }
}

Heard& add_talkers(Simulation& sim) {
  sim.options().link = LinkOptions();
  auto& heard = sim.keep<Heard>();
  for (HostId host = 0; host < hosts; ++host) sim.add_host(fmt::format("n{}", host + 1));
  for (HostId host = 0; host < hosts; ++host) {
    std::vector<Endpoint> others;
    for (HostId other = 0; other < hosts; ++other) {
      if (other != host) others.emplace_back(sim.world().host_address(other), port);
    }
    sim.add_node(host, fmt::format("in{}", host + 1),
                 [&heard, host](Env& env) { return listens(env, &heard, host); });
    sim.add_node(host, fmt::format("out{}", host + 1),
                 [host, others](Env& env) { return speaks(env, host, others); });
  }
  // What was on its way at the heal has arrived half a second later.
  sim.at_heal([&sim, &heard] {
    sim.world().at(sim.world().now() + milliseconds(500), [&heard] { heard.counting = true; });
  });
  return heard;
}

bool all_talk(const Simulation& sim, const Heard& heard, bool core_alone) {
  for (HostId a = 0; a < hosts; ++a) {
    for (HostId b = 0; b < a; ++b) {
      const bool asked = !core_alone || (sim.in_core(a) && sim.in_core(b));
      if (asked && !heard.talk(a, b)) return false;
    }
  }
  return true;
}

// Names a host outside of the core that talks with the core nevertheless.
std::string healed_nevertheless(const Simulation& sim, const Heard& heard) {
  for (HostId a = 0; a < hosts; ++a) {
    for (HostId b = 0; b < hosts; ++b) {
      if (sim.in_core(a) && !sim.in_core(b) && heard.talk(a, b)) return fmt::format("n{}", b + 1);
    }
  }
  return "";
}

std::size_t core_size(const Simulation& sim) {
  std::size_t size = 0;
  for (HostId host = 0; host < hosts; ++host) size += sim.in_core(host) ? 1U : 0U;
  return size;
}

// The sizes of the cores that were drawn are noted.
Toy core_world(std::size_t hosts_min, bool core_alone, std::vector<std::size_t>* sizes = nullptr) {
  return Toy([=](Simulation& sim) {
    const Heard& heard = add_talkers(sim);
    if (hosts_min > 0) sim.core_of(hosts_min);
    sim.eventually("all talk", seconds(3), [&sim, &heard, core_alone] {
      return sim.world().now() >= TimePoint(milliseconds(2500)) && all_talk(sim, heard, core_alone);
    });
    sim.at_end("rest broken", [&sim, &heard] { return healed_nevertheless(sim, heard); });
    sim.at_heal([&sim, sizes] {
      if (sizes != nullptr) sizes->push_back(core_size(sim));
    });
  });
}

}  // namespace

TEST_CASE("a core gets on while the rest stays broken, in each of five ways") {
  std::vector<std::size_t> sizes;
  Toy toy = core_world(2, true, &sizes);
  toy.scenario.heal = sim::Heal::core;
  std::map<std::string, int> ways{
      {"without power", 0}, {"cut off", 0}, {"paused", 0}, {"unheard", 0}, {"deaf", 0}};
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    CHECK(toy.verdict(seed) == "held");
    for (const std::string& line : toy.story(seed)) {
      if (line.find("healed the core of") == std::string::npos) continue;
      for (auto& [way, times] : ways) times += line.find(" " + way) != std::string::npos ? 1 : 0;
    }
  }
  for (const auto& [way, times] : ways) {
    INFO(way);
    CHECK(times > 5);
  }
  // Of two hosts at least, and never of all.
  CHECK(std::set<std::size_t>(sizes.begin(), sizes.end()) == std::set<std::size_t>{2, 3, 4});
}

TEST_CASE("hosts that need all others fail when a core is healed, and hold when all are") {
  Toy toy = core_world(1, false);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    toy.scenario.heal = sim::Heal::core;
    const auto violation = toy.run(seed).violation;
    REQUIRE(violation);
    CHECK(violation->invariant == "all talk");
    CHECK(violation->liveness);
    toy.scenario.heal = sim::Heal::all;
    CHECK(toy.verdict(seed) == "held");
  }
}

TEST_CASE("a core is drawn in half of the runs, and none where none was declared") {
  int cores = 0;
  Toy toy = core_world(1, false);
  toy.scenario.faults = FaultSet();
  CHECK(toy.verdict(1) == "held");
  // Who asks for certain faults gets no others, and a step of the clock keeps no host broken.
  toy.scenario.faults.add(FaultKind::clock_step);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) CHECK(toy.verdict(seed) == "held");
  toy.scenario.faults.add(FaultKind::pause);
  for (std::uint64_t seed = 1; seed <= 100; ++seed) cores += toy.verdict(seed) == "held" ? 0 : 1;
  CHECK(cores > 35);
  CHECK(cores < 65);
  for (const std::size_t hosts_min : {std::size_t{0}, std::size_t{hosts}}) {
    std::vector<std::size_t> sizes;
    Toy none = core_world(hosts_min, false, &sizes);
    none.scenario.heal = sim::Heal::core;
    CHECK(none.verdict() == "held");
    CHECK(sizes == std::vector<std::size_t>{hosts});
  }
}

TEST_CASE("every host is in some core, and outside of some") {
  std::map<HostId, int> in_core;
  Toy toy([&in_core](Simulation& sim) {
    add_talkers(sim);
    sim.core_of(1);
    sim.at_heal([&] {
      for (HostId host = 0; host < hosts; ++host) in_core[host] += sim.in_core(host) ? 1 : 0;
    });
  });
  toy.scenario.heal = sim::Heal::core;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) CHECK(toy.verdict(seed) == "held");
  for (const auto& [host, times] : in_core) {
    INFO("n" << host + 1);
    CHECK(times > 15);
    CHECK(times < 45);
  }
}

}  // namespace piccolo::test
