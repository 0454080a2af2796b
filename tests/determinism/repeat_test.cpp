#include <algorithm>
#include <set>

#include "catch.hpp"
#include "outcome.hpp"
#include "piccolo/sim/narrator.hpp"
#include "scrambled_heap.hpp"

namespace piccolo::determinism {
namespace {

ClusterOptions world(std::uint32_t nodes, const FaultSet& faults, Duration duration) {
  ClusterOptions options;
  options.nodes = nodes;
  options.faults = faults;
  options.duration = duration;
  return options;
}

FaultSet only(FaultKind kind) {
  FaultSet set;
  set.add(kind);
  return set;
}

// Runs the seeds upwards, then downwards on another heap: what one run leaves behind for the next
// (a static, a recycled block) is different the second time.
void check_repeats(const ClusterOptions& options, std::uint64_t first, std::uint64_t count) {
  scramble_heap(0x00);
  const auto once = outcomes(options, first, count);
  scramble_heap(0xa5);
  for (std::uint64_t index = count; index-- > 0;) {
    const std::string again = outcome(run_cluster(options, first + index, nullptr));
    if (again != once[index]) FAIL(world_flags(options) << '\n' << once[index] << '\n' << again);
  }
  CHECK(once.size() == count);
}

std::uint64_t told_hash(const ClusterOptions& options, std::uint64_t seed, LogLevel level,
                        std::size_t& lines) {
  Narrator story([&lines](std::string_view) { ++lines; }, level);
  return run_cluster(options, seed, &story).trace_hash;
}

}  // namespace

TEST_CASE("the seeds 1 to 100 do the same when they are run again") {
  check_repeats(ClusterOptions(), 1, 100 / slowdown);
}

TEST_CASE("the seeds 101 to 200 do the same when they are run again") {
  check_repeats(ClusterOptions(), 101, 100 / slowdown);
}

TEST_CASE("clusters of any size do the same when they are run again") {
  check_repeats(world(2, FaultSet::all(), std::chrono::seconds(30)), 1, 30 / slowdown);
  check_repeats(world(3, FaultSet::all(), std::chrono::seconds(30)), 1, 30 / slowdown);
  check_repeats(world(9, FaultSet::all(), std::chrono::seconds(10)), 1, 10 / slowdown);
  check_repeats(world(16, FaultSet::all(), std::chrono::seconds(1)), 7, 1);
}

TEST_CASE("runs with one kind of fault, or none, do the same when they are run again") {
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const FaultSet faults = only(static_cast<FaultKind>(index));
    check_repeats(world(5, faults, std::chrono::seconds(10)), 1, 20 / slowdown);
  }
  check_repeats(world(5, FaultSet::none(), std::chrono::seconds(10)), 1, 20 / slowdown);
}

TEST_CASE("a story that is told changes nothing") {
  const ClusterOptions options;
  std::size_t lines = 0;
  for (std::uint64_t seed = 1; seed <= 50 / slowdown; ++seed) {
    INFO("seed " << seed);
    const std::uint64_t silent = run_cluster(options, seed, nullptr).trace_hash;
    CHECK(told_hash(options, seed, LogLevel::debug, lines) == silent);
    if (seed % 5 != 0) continue;
    CHECK(told_hash(options, seed, LogLevel::trace, lines) == silent);
    CHECK(told_hash(options, seed, LogLevel::error, lines) == silent);
  }
  CHECK(lines > 1000);
}

TEST_CASE("no two seeds have the same hash") {
  const ClusterOptions options = world(3, FaultSet::all(), std::chrono::seconds(2));
  std::set<std::uint64_t> hashes;
  const std::uint64_t count = 200 / slowdown;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    hashes.insert(run_cluster(options, seed, nullptr).trace_hash);
  }
  CHECK(hashes.size() == count);
}

TEST_CASE("seeds that differ in their high bits alone have different hashes") {
  const ClusterOptions options = world(2, FaultSet::all(), std::chrono::seconds(2));
  std::set<std::uint64_t> hashes;
  for (unsigned bit = 0; bit < 64; ++bit) {
    hashes.insert(run_cluster(options, std::uint64_t{1} << bit, nullptr).trace_hash);
  }
  CHECK(hashes.size() == 64);
}

TEST_CASE("each option of the world changes the hash") {
  const ClusterOptions usual = world(5, FaultSet::all(), std::chrono::seconds(10));
  std::set<std::uint64_t> hashes;
  hashes.insert(run_cluster(usual, 3, nullptr).trace_hash);
  hashes.insert(run_cluster(world(6, usual.faults, usual.duration), 3, nullptr).trace_hash);
  hashes.insert(run_cluster(world(5, FaultSet::none(), usual.duration), 3, nullptr).trace_hash);
  hashes.insert(
      run_cluster(world(5, usual.faults, std::chrono::seconds(11)), 3, nullptr).trace_hash);
  CHECK(hashes.size() == 4);
}

}  // namespace piccolo::determinism
