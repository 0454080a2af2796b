#include "piccolo/sim/fault_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/sweep.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

using std::chrono::seconds;

FaultSet some_faults(unsigned bits) {
  FaultSet set;
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    if ((bits >> kind & 1U) != 0) set.add(static_cast<FaultKind>(kind));
  }
  return set;
}

struct Cluster {
  Cluster(std::uint64_t seed, std::uint32_t hosts) : world(seed, WorldOptions()) {
    for (std::uint32_t host = 0; host < hosts; ++host) {
      const HostId id = world.add_host(fmt::format("n{}", host + 1));
      world.add_process(id, fmt::format("n{}", host + 1), Program());
    }
  }
  World world;
};

std::vector<std::string> described(const FaultPlan& plan, const World& world, FaultKind kind) {
  std::vector<std::string> lines;
  for (const PlannedFault& fault : plan) {
    if (fault.kind() != kind) continue;
    lines.push_back(fmt::format("{} {}", format_duration(fault.at), describe(fault, world)));
  }
  return lines;
}

std::uint64_t observed_alone(FaultKind kind) {
  ClusterOptions world;
  world.faults = FaultSet();
  world.faults.add(kind);
  SweepOptions options;
  options.jobs = 2;
  const SweepResult result = sweep(world, {1, 60}, options);
  CHECK(result.violated == 0);
  for (std::size_t other = 0; other < fault_kinds; ++other) {
    if (static_cast<FaultKind>(other) == kind) continue;
    CHECK(result.counts.faults[static_cast<FaultKind>(other)].injected == 0);
  }
  CHECK(result.counts.faults[kind].injected > 0);
  return result.counts.faults[kind].observed;
}

}  // namespace

TEST_CASE("a set of faults reads back what it prints") {
  rc::prop("for every set", [] {
    const auto bits = *rc::gen::inRange(0U, 1U << fault_kinds);
    const FaultSet set = some_faults(bits);
    const auto again = FaultSet::parse(set.to_string());
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == set);
  });
  CHECK(FaultSet::parse("all").value() == FaultSet::all());
}

TEST_CASE("a word that is no kind of fault is named") {
  CHECK(FaultSet::parse("refuse,hupp").error().find("`hupp`") != std::string::npos);
  CHECK_FALSE(FaultSet::parse("").has_value());
  CHECK_FALSE(FaultSet::parse("refuse,").has_value());
}

TEST_CASE("all faults of a plan are over when the duration is") {
  rc::prop("for every seed and size", [](std::uint64_t seed) {
    const auto hosts = *rc::gen::inRange(1U, 9U);
    const auto duration = seconds(*rc::gen::inRange(1, 120));
    Cluster cluster(seed, hosts);
    const FaultPlan plan = draw_fault_plan(cluster.world, FaultSet::all(), duration);
    RC_ASSERT(std::is_sorted(plan.begin(), plan.end(),
                             [](const auto& a, const auto& b) { return a.at < b.at; }));
    for (const PlannedFault& fault : plan) {
      RC_ASSERT(fault.at >= Duration(0));
      RC_ASSERT(fault.lasting >= Duration(0));
      RC_ASSERT(fault.at + fault.lasting <= duration);
      RC_ASSERT(!describe(fault, cluster.world).empty());
    }
  });
}

TEST_CASE("turning one kind of fault off changes no fault of another kind") {
  rc::prop("for every seed", [](std::uint64_t seed) {
    const auto bits = *rc::gen::inRange(0U, 1U << fault_kinds);
    Cluster cluster(seed, 5);
    const FaultPlan all = draw_fault_plan(cluster.world, FaultSet::all(), seconds(30));
    const FaultPlan some = draw_fault_plan(cluster.world, some_faults(bits), seconds(30));
    for (std::size_t index = 0; index < fault_kinds; ++index) {
      const auto kind = static_cast<FaultKind>(index);
      const auto expected = some_faults(bits).has(kind) ? described(all, cluster.world, kind)
                                                        : std::vector<std::string>();
      RC_ASSERT(described(some, cluster.world, kind) == expected);
    }
  });
}

TEST_CASE("seeds differ in how many faults of a kind they have, none included") {
  std::vector<std::size_t> counts;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Cluster cluster(seed, 5);
    counts.push_back(draw_fault_plan(cluster.world, some_faults(1U << 3U), seconds(30)).size());
  }
  CHECK(*std::min_element(counts.begin(), counts.end()) == 0);
  CHECK(*std::max_element(counts.begin(), counts.end()) >= 5);
}

TEST_CASE("refusing alone bites") { CHECK(observed_alone(FaultKind::refuse) > 0); }
TEST_CASE("delays alone bite") { CHECK(observed_alone(FaultKind::delay) > 0); }
TEST_CASE("hang-ups alone bite") { CHECK(observed_alone(FaultKind::hup) > 0); }
TEST_CASE("partitions alone bite") { CHECK(observed_alone(FaultKind::partition) > 0); }
TEST_CASE("crashes alone bite") { CHECK(observed_alone(FaultKind::crash) > 0); }

TEST_CASE("without faults nothing is refused, fails or is given up") {
  ClusterOptions world;
  world.faults = FaultSet::none();
  SweepOptions options;
  options.jobs = 2;
  const SweepResult result = sweep(world, {1, 60}, options);
  CHECK(result.violated == 0);
  CHECK(result.counts.timed_out == 0);
  CHECK(result.counts.starts == 60 * 5);
  CHECK(result.counts.round_trips > 60 * 20);
}

}  // namespace piccolo::test
