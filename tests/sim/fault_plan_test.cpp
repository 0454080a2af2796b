#include "piccolo/sim/fault_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "cluster.hpp"
#include "piccolo/core/node/parts.hpp"
#include "property.hpp"
#include "sanitized.hpp"

namespace piccolo::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

FaultSet some_faults(unsigned bits) {
  FaultSet set;
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    if ((bits >> kind & 1U) != 0) set.add(static_cast<FaultKind>(kind));
  }
  return set;
}

FaultScene scene_of(std::uint32_t nodes, Duration duration, std::uint32_t per_host = 1) {
  FaultScene scene;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    scene.processes.push_back(fmt::format("n{}", node + 1));
    scene.host_of.push_back(node / per_host);
    if (node % per_host == 0) {
      scene.hosts.push_back(fmt::format("{}{}", per_host == 1 ? "n" : "h", node / per_host + 1));
    }
  }
  scene.duration = duration;
  return scene;
}

FaultSet only(FaultKind kind) {
  FaultSet set;
  set.add(kind);
  return set;
}

// One that makes sense; for rapidcheck's properties.
FaultProfile with_swarm() {
  FaultProfile profile;
  profile.swarm = true;
  return profile;
}

FaultProfile any_profile() {
  FaultProfile profile;
  profile.swarm = *rc::gen::arbitrary<bool>();
  for (KindProfile& kind : profile.kinds) {
    if (*rc::gen::arbitrary<bool>()) {
      kind.rate = FaultRate{*rc::gen::inRange(0U, 100U), seconds(*rc::gen::inRange(10, 100))};
    }
    kind.from = milliseconds(*rc::gen::inRange(0, 10'000));
    if (*rc::gen::arbitrary<bool>()) {
      kind.until = kind.from + milliseconds(*rc::gen::inRange(1, 60'000));
    }
  }
  return profile;
}

std::vector<std::string> lines_of(const FaultPlan& plan, const FaultScene& scene, FaultKind kind) {
  std::vector<std::string> lines;
  for (const Fault& fault : plan) {
    if (fault.kind == kind) lines.push_back(to_line(fault, scene));
  }
  return lines;
}

// Under a sanitizer a few have to do, which are enough for each kind to bite: what it looks for is
// in the code of the kinds, not in the seeds.
constexpr std::uint64_t seeds_alone = sanitized ? 12 : 60;

FaultCount counted_alone(FaultKind kind, const NodeParts& parts) {
  Cluster cluster(parts);
  cluster.scenario.faults = only(kind);
  // A core that is healed alone is faults of its own.
  cluster.scenario.heal = sim::Heal::all;
  const sim::CampaignResult result = cluster.run_all({1, seeds_alone});
  CHECK(result.failed == 0);
  for (std::size_t other = 0; other < fault_kinds; ++other) {
    if (static_cast<FaultKind>(other) == kind) continue;
    CHECK(result.totals.faults[static_cast<FaultKind>(other)].injected == 0);
    CHECK(result.totals.faults[static_cast<FaultKind>(other)].observed == 0);
  }
  return result.totals.faults[kind];
}

// Piccolo's node never asks for the wall clock. This one does, for every stream.
Task<void> stamp_and_echo(Env& env, Stream stream, NodeState& node) {
  env.log.info("at {}", env.clock.wall_now().time_since_epoch().count());
  co_await echo_connection(env, std::move(stream), node);
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

TEST_CASE("a list of kinds says one thing: none, some, all, or all but some") {
  for (const char* const text : {"none,hup", "hup,none", "all,none", "all,hup", "hup,all", "-hup",
                                 "hup,-crash", "all,-none", "none,none", "all,all"}) {
    INFO(text);
    CHECK_FALSE(FaultSet::parse(text).has_value());
  }
  const FaultSet all_but = FaultSet::parse("all,-hup,-crash").value();
  CHECK_FALSE(all_but.has(FaultKind::hup));
  CHECK_FALSE(all_but.has(FaultKind::crash));
  CHECK(all_but.has(FaultKind::refuse));
  CHECK(FaultSet::parse("none").value().empty());
}

TEST_CASE("all faults of a plan are over when the duration is, and none contradicts another") {
  rc::prop("for every seed, size and profile", [](std::uint64_t seed) {
    const auto nodes = *rc::gen::inRange(1U, 9U);
    const auto per_host = *rc::gen::inRange(1U, 3U);
    const FaultScene scene = scene_of(nodes, seconds(*rc::gen::inRange(1, 120)), per_host);
    const FaultPlan plan = draw_fault_plan(scene, FaultSet::all(), seed, any_profile());
    RC_ASSERT(std::is_sorted(plan.begin(), plan.end(),
                             [](const auto& a, const auto& b) { return a.at < b.at; }));
    for (auto fault = plan.begin(); fault != plan.end(); ++fault) {
      RC_ASSERT(complaint_about(*fault, scene) == "");
      RC_ASSERT(fault->at + fault->lasting <= scene.duration);
      for (auto other = plan.begin(); other != fault; ++other) {
        RC_ASSERT(contradiction(*other, *fault, scene) == "");
      }
    }
  });
}

TEST_CASE("turning one kind of fault off changes no fault of another kind") {
  rc::prop("for every seed", [](std::uint64_t seed) {
    const auto bits = *rc::gen::inRange(0U, 1U << fault_kinds);
    const FaultScene scene = scene_of(5, seconds(30));
    const FaultPlan all = draw_fault_plan(scene, FaultSet::all(), seed, with_swarm());
    const FaultPlan some = draw_fault_plan(scene, some_faults(bits), seed, with_swarm());
    for (std::size_t index = 0; index < fault_kinds; ++index) {
      const auto kind = static_cast<FaultKind>(index);
      const auto expected =
          some_faults(bits).has(kind) ? lines_of(all, scene, kind) : std::vector<std::string>();
      RC_ASSERT(lines_of(some, scene, kind) == expected);
    }
  });
}

TEST_CASE("the profile of one kind of fault changes no fault of another kind") {
  rc::prop("for every seed", [](std::uint64_t seed) {
    const FaultScene scene = scene_of(5, seconds(30));
    FaultProfile profile = with_swarm();
    const FaultPlan before = draw_fault_plan(scene, FaultSet::all(), seed, profile);
    const auto changed = static_cast<FaultKind>(*rc::gen::inRange(std::size_t{0}, fault_kinds));
    profile.of(changed) = any_profile().of(changed);
    const FaultPlan after = draw_fault_plan(scene, FaultSet::all(), seed, profile);
    for (std::size_t index = 0; index < fault_kinds; ++index) {
      const auto kind = static_cast<FaultKind>(index);
      if (kind == changed) continue;
      RC_ASSERT(lines_of(after, scene, kind) == lines_of(before, scene, kind));
    }
  });
}

TEST_CASE("seeds differ in which kinds of faults they have, most without any given one") {
  const FaultScene scene = scene_of(5, seconds(30));
  std::set<unsigned> subsets;
  std::array<unsigned, fault_kinds> with{};
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    unsigned subset = 0;
    for (const Fault& fault : draw_fault_plan(scene, FaultSet::all(), seed, with_swarm())) {
      subset |= 1U << static_cast<unsigned>(fault.kind);
    }
    subsets.insert(subset);
    for (std::size_t kind = 0; kind < fault_kinds; ++kind) with[kind] += subset >> kind & 1U;
  }
  CHECK(subsets.size() > 195);
  // 80 are expected.
  for (const unsigned seeds : with) CHECK((seeds > 50 && seeds < 110));
}

TEST_CASE("seeds differ in how strongly they have a kind of fault, by more than a magnitude") {
  const FaultScene scene = scene_of(5, seconds(30));
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    INFO(fault_kind_name(kind));
    std::vector<std::size_t> counts;
    std::vector<Duration> longest;  // of seeds with ten or more
    for (std::uint64_t seed = 1; seed <= 600; ++seed) {
      const FaultPlan plan = draw_fault_plan(scene, only(kind), seed, with_swarm());
      if (plan.empty()) continue;
      counts.push_back(plan.size());
      if (plan.size() < 10) continue;
      longest.push_back(
          std::max_element(plan.begin(), plan.end(), [](const auto& a, const auto& b) {
            return a.lasting < b.lasting;
          })->lasting);
    }
    CHECK(*std::min_element(counts.begin(), counts.end()) == 1);
    CHECK(*std::max_element(counts.begin(), counts.end()) >= 20);
    CHECK(std::count_if(counts.begin(), counts.end(), [](auto count) { return count <= 2; }) > 50);
    if (*std::max_element(longest.begin(), longest.end()) == Duration(0)) continue;  // an instant
    // Ten of any duration would hardly ever be short, all of them.
    CHECK(*std::min_element(longest.begin(), longest.end()) < milliseconds(400));
    CHECK(*std::max_element(longest.begin(), longest.end()) > seconds(5));
  }
}

TEST_CASE("the strength of a kind has as many faults in a seed, on average, as may be afforded") {
  const FaultScene scene = scene_of(5, seconds(30));
  std::size_t faults = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    faults += draw_fault_plan(scene, FaultSet::all(), seed, with_swarm()).size();
  }
  CHECK(faults > 30'000);
  CHECK(faults < 50'000);
}

TEST_CASE("without a swarm every seed has all kinds of faults, at medium strength") {
  FaultProfile profile;
  profile.swarm = false;
  rc::prop("for every seed and duration", [&](std::uint64_t seed) {
    const auto duration = seconds(*rc::gen::inRange(1, 120));
    const FaultScene scene = scene_of(5, duration);
    const FaultPlan plan = draw_fault_plan(scene, FaultSet::all(), seed, profile);
    for (std::size_t index = 0; index < fault_kinds; ++index) {
      const auto count = std::count_if(plan.begin(), plan.end(), [&](const Fault& fault) {
        return fault.kind == static_cast<FaultKind>(index);
      });
      RC_ASSERT(count >= 1);
      RC_ASSERT(count <= duration / seconds(6) + 1);
    }
  });
}

TEST_CASE("faults begin within the window of their kind") {
  rc::prop("for every seed and window", [](std::uint64_t seed) {
    const auto kind = static_cast<FaultKind>(*rc::gen::inRange(std::size_t{0}, fault_kinds));
    FaultProfile profile;
    profile.swarm = *rc::gen::arbitrary<bool>();
    KindProfile& window = profile.of(kind);
    window.from = milliseconds(*rc::gen::inRange(0, 40'000));
    window.until = window.from + Duration(*rc::gen::element(1, 1000, 2'000'000'000));
    const FaultPlan plan = draw_fault_plan(scene_of(5, seconds(30)), only(kind), seed, profile);
    for (const Fault& fault : plan) {
      RC_ASSERT(fault.at >= window.from);
      RC_ASSERT(fault.at < window.until);
    }
    const bool within = window.from < seconds(29);
    if (!profile.swarm && within) RC_ASSERT(!plan.empty());
    if (window.from >= seconds(30)) RC_ASSERT(plan.empty());
  });
}

TEST_CASE(
    "a rate is kept in every seed without a swarm, and in those that have the kind with one") {
  rc::prop("for every rate and window", [](std::uint64_t seed) {
    const FaultScene scene = scene_of(5, seconds(60));
    const auto kind = FaultKind::loss;  // losses nest, so none is left out
    FaultProfile profile;
    profile.swarm = *rc::gen::arbitrary<bool>();
    const auto count = *rc::gen::inRange(0U, 200U);
    const auto per = seconds(*rc::gen::inRange(2, 200));
    profile.of(kind).rate = FaultRate{count, per};
    profile.of(kind).from = seconds(*rc::gen::inRange(0, 30));
    profile.of(kind).until = seconds(*rc::gen::inRange(31, 60));
    const auto drawn = draw_fault_plan(scene, only(kind), seed, profile).size();
    const auto length = profile.of(kind).until - profile.of(kind).from;
    const auto whole = static_cast<std::size_t>(count * length.count() / Duration(per).count());
    if (profile.swarm && drawn == 0) return;
    RC_ASSERT(drawn >= whole);
    RC_ASSERT(drawn <= whole + 1);
  });
}

TEST_CASE("a rate of less than one fault in a run is kept over many seeds") {
  const FaultScene scene = scene_of(5, seconds(30));
  FaultProfile profile;
  profile.of(FaultKind::crash).rate = FaultRate{1, seconds(120)};
  for (const bool swarm : {false, true}) {
    profile.swarm = swarm;
    std::size_t faults = 0;
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
      faults += draw_fault_plan(scene, only(FaultKind::crash), seed, profile).size();
    }
    // 500 are expected, or the two fifths that the swarm lets have the kind.
    const std::size_t expected = swarm ? 200 : 500;
    CHECK(faults > expected * 4 / 5);
    CHECK(faults < expected * 6 / 5);
  }
}

TEST_CASE("a profile that says nothing sensible is refused, with the cure") {
  CHECK(complaint_about(KindProfile()) == "");
  CHECK(complaint_about({.rate = FaultRate{0, seconds(1)}}) == "");
  CHECK(complaint_about({.rate = FaultRate{100, seconds(1)}}) == "");
  CHECK(complaint_about({.rate = FaultRate{101, seconds(1)}}) ==
        "101 faults in 1s are too many; give one for each 10ms at most");
  CHECK(complaint_about({.rate = FaultRate{1, seconds(0)}}) ==
        "a rate of 1 in 0s is none; give a time such as 1m");
  CHECK(complaint_about({.from = seconds(-1)}) == "faults cannot begin before 0s; give 0s or more");
  CHECK(complaint_about({.from = seconds(3), .until = seconds(3)}) ==
        "faults cannot begin from 3s on and before 3s; give a later end");
}

TEST_CASE("every line of every kind is drawn by some seed") {
  const FaultScene scene = scene_of(5, seconds(30));
  std::set<std::pair<FaultKind, int>> drawn;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    for (const Fault& fault : draw_fault_plan(scene, FaultSet::all(), seed, with_swarm())) {
      drawn.insert({fault.kind, fault.form});
    }
  }
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    for (int form = 0; form < static_cast<int>(fault_lines(kind).size()); ++form) {
      // A port without its owner's restart bites nobody: that is for lists.
      if (kind == FaultKind::port_taken && form == 0) continue;
      // Which connect it is says only who knows the run.
      if (kind == FaultKind::refuse && form == 1) continue;
      INFO(fault_lines(kind)[static_cast<std::size_t>(form)]);
      CHECK(drawn.contains({kind, form}));
    }
  }
}

TEST_CASE("each kind alone bites the node within 60 seeds, which hold") {
  if (sanitized) WARN("sanitized: " << seeds_alone << " of the 60 seeds of each kind");
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    INFO(fault_kind_name(kind));
    const FaultCount count = counted_alone(kind, NodeParts());
    CHECK(count.injected > 0);
    if (kind == FaultKind::clock_step) {
      CHECK(count.observed == 0);  // Piccolo's node never asks for the wall clock
    } else {
      CHECK(count.observed > 0);
    }
  }
}

TEST_CASE("a step of the wall clock bites a node that asks for the time") {
  NodeParts parts;
  parts.echo = &stamp_and_echo;
  CHECK(counted_alone(FaultKind::clock_step, parts).observed > 0);
}

TEST_CASE("without faults nothing is refused, fails or is given up") {
  Cluster cluster(5, FaultSet::none());
  cluster.scenario.heal = sim::Heal::all;
  const sim::CampaignResult result = cluster.run_all({1, 60});
  CHECK(result.failed == 0);
  CHECK(count(result.totals, "connects timed out") == 0);
  CHECK(count(result.totals, "processes started, restarts included") == 60 * 5);
  CHECK(count(result.totals, "messages echoed") > 60 * 20);
}

}  // namespace piccolo::test
