#include <algorithm>
#include <set>

#include "catch.hpp"
#include "outcome.hpp"
#include "scrambled_heap.hpp"

namespace piccolo::determinism {
namespace {

using std::chrono::seconds;
using test::Cluster;

FaultSet only(FaultKind kind) {
  FaultSet set;
  set.add(kind);
  return set;
}

// Runs the seeds upwards, then downwards on another heap: what one run leaves behind for the next
// (a static, a recycled block) is different the second time.
void check_repeats(const Cluster& cluster, std::uint64_t first, std::uint64_t count) {
  scramble_heap(0x00);
  const auto once = outcomes(cluster, first, count);
  scramble_heap(0xa5);
  for (std::uint64_t index = count; index-- > 0;) {
    const std::string again = outcome(cluster.run(first + index));
    if (again != once[index]) FAIL(once[index] << '\n' << again);
  }
  CHECK(once.size() == count);
}

std::uint64_t told_hash(const Cluster& cluster, std::uint64_t seed, LogLevel level,
                        std::size_t& lines) {
  Narrator story([&lines](std::string_view) { ++lines; }, level);
  return cluster.run(seed, &story).trace_hash;
}

}  // namespace

TEST_CASE("the seeds 1 to 100 do the same when they are run again") {
  check_repeats(Cluster(), 1, 100 / slowdown);
}

TEST_CASE("the seeds 101 to 200 do the same when they are run again") {
  check_repeats(Cluster(), 101, 100 / slowdown);
}

TEST_CASE("clusters of any size do the same when they are run again") {
  check_repeats(Cluster(2, FaultSet::all(), seconds(30)), 1, 30 / slowdown);
  check_repeats(Cluster(3, FaultSet::all(), seconds(30)), 1, 30 / slowdown);
  check_repeats(Cluster(9, FaultSet::all(), seconds(10)), 1, 10 / slowdown);
  check_repeats(Cluster(16, FaultSet::all(), seconds(1)), 7, 1);
}

TEST_CASE("runs with one kind of fault, or none, do the same when they are run again") {
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const FaultSet faults = only(static_cast<FaultKind>(index));
    check_repeats(Cluster(5, faults, seconds(10)), 1, 20 / slowdown);
  }
  check_repeats(Cluster(5, FaultSet::none(), seconds(10)), 1, 20 / slowdown);
}

TEST_CASE("a story that is told changes nothing") {
  const Cluster cluster;
  std::size_t lines = 0;
  for (std::uint64_t seed = 1; seed <= 50 / slowdown; ++seed) {
    INFO("seed " << seed);
    const std::uint64_t silent = cluster.run(seed).trace_hash;
    CHECK(told_hash(cluster, seed, LogLevel::debug, lines) == silent);
    if (seed % 5 != 0) continue;
    CHECK(told_hash(cluster, seed, LogLevel::trace, lines) == silent);
    CHECK(told_hash(cluster, seed, LogLevel::error, lines) == silent);
  }
  CHECK(lines > 1000);
}

TEST_CASE("no two seeds have the same hash") {
  const Cluster cluster(3, FaultSet::all(), seconds(2));
  std::set<std::uint64_t> hashes;
  const std::uint64_t count = 200 / slowdown;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    hashes.insert(cluster.run(seed).trace_hash);
  }
  CHECK(hashes.size() == count);
}

TEST_CASE("seeds that differ in their high bits alone have different hashes") {
  const Cluster cluster(2, FaultSet::all(), seconds(2));
  std::set<std::uint64_t> hashes;
  for (unsigned bit = 0; bit < 64; ++bit) {
    hashes.insert(cluster.run(std::uint64_t{1} << bit).trace_hash);
  }
  CHECK(hashes.size() == 64);
}

TEST_CASE("each choice of a scenario changes the hash") {
  constexpr std::uint64_t seed = 3;
  const FaultSet all = FaultSet::all();
  std::set<std::uint64_t> hashes;
  const auto add = [&](const Cluster& cluster) { hashes.insert(cluster.run(seed).trace_hash); };
  const Cluster usual(5, all, seconds(10));
  add(usual);
  add(Cluster(6, all, seconds(10)));
  add(Cluster(5, FaultSet::none(), seconds(10)));
  add(Cluster(5, all, seconds(11)));
  Cluster other_links = usual;
  other_links.scenario.link = LinkOptions();
  add(other_links);
  Cluster one_link = usual;
  one_link.scenario.links = {{"n1", "n2", LinkOptions()}};
  add(one_link);
  Cluster other_order = usual;
  other_order.scenario.order = ReadyOrder::fifo;
  add(other_order);
  Cluster core = usual;
  core.scenario.heal = sim::Heal::core;
  add(core);
  Cluster healed = usual;
  healed.scenario.heal = sim::Heal::all;
  add(healed);
  // One of the last two is what the seed draws.
  CHECK(hashes.size() == 8);
}

}  // namespace piccolo::determinism
