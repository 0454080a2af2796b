#include "piccolo/sim/sweep.hpp"

#include <fmt/format.h>

#include <vector>

#include "catch.hpp"
#include "outcome.hpp"
#include "piccolo/core/node/parts.hpp"
#include "piccolo/core/stream_io.hpp"

namespace piccolo::determinism {
namespace {

// An echo that gets one byte wrong, on some connections.
Task<void> careless_echo(Env& env, Stream stream, NodeState& node) {
  Draws draws = env.random.stream("test.careless", stream.remote_endpoint().port);
  std::vector<std::byte> buffer(node.config.limits.buffer_bytes);
  for (;;) {
    const auto got = co_await stream.read_some(buffer);
    if (!got || *got == 0) co_return;
    if (draws.chance(1, 2000)) buffer[0] ^= std::byte{1};
    const auto chunk = std::span<const std::byte>(buffer).first(*got);
    const auto written = co_await write_all(stream, chunk);
    if (!written) co_return;
  }
}

ClusterOptions careless_world() {
  ClusterOptions options;
  options.nodes = 3;
  options.duration = std::chrono::seconds(2);
  options.parts.echo = &careless_echo;
  return options;
}

SweepResult sweep_with(const ClusterOptions& world, SeedRange seeds, unsigned jobs,
                       std::size_t kept) {
  SweepOptions options;
  options.jobs = jobs;
  options.violations_kept = kept;
  return sweep(world, seeds, options);
}

// Everything but the time it took.
std::string outcome_of(const SweepResult& result) {
  std::string text = fmt::format("{} seeds, {} violated, {}", result.seeds, result.violated,
                                 outcome(result.counts));
  for (const RunResult& run : result.violations) text += fmt::format("\n{}", outcome(run));
  return text;
}

constexpr SeedRange all_seeds{1, slowdown > 1 ? 40 : 120};

}  // namespace

TEST_CASE("a sweep finds the same with any number of threads") {
  const ClusterOptions world = careless_world();
  const SweepResult alone = sweep_with(world, all_seeds, 1, 100);
  // Some break and some do not, or the comparison would say little.
  CHECK(alone.violated > 2);
  CHECK(alone.violated < alone.seeds);
  for (const unsigned jobs : {2U, 5U, 64U}) {
    CHECK(outcome_of(sweep_with(world, all_seeds, jobs, 100)) == outcome_of(alone));
  }
}

TEST_CASE("a sweep that keeps few violations keeps those of the lowest seeds") {
  const ClusterOptions world = careless_world();
  const SweepResult all = sweep_with(world, all_seeds, 2, 1000);
  for (const unsigned jobs : {1U, 2U, 5U}) {
    const SweepResult few = sweep_with(world, all_seeds, jobs, 2);
    CHECK(few.violated == all.violated);
    REQUIRE(few.violations.size() == 2);
    CHECK(outcome(few.violations[0]) == outcome(all.violations[0]));
    CHECK(outcome(few.violations[1]) == outcome(all.violations[1]));
  }
}

TEST_CASE("a seed that broke in a sweep breaks alike alone") {
  const ClusterOptions world = careless_world();
  const SweepResult found = sweep_with(world, all_seeds, 2, 100);
  REQUIRE(!found.violations.empty());
  for (const RunResult& run : found.violations) {
    CHECK(run.violation->invariant == "echo");
    CHECK(outcome(run_cluster(world, run.seed, nullptr)) == outcome(run));
  }
}

TEST_CASE("a sweep's totals are the sums of its runs") {
  ClusterOptions world;
  world.nodes = 3;
  world.duration = std::chrono::seconds(2);
  RunCounts sum;
  constexpr SeedRange seeds{10, 10 + 30 / slowdown};
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    sum.add(run_cluster(world, seed, nullptr).counts);
  }
  CHECK(outcome(sweep_with(world, seeds, 2, 100).counts) == outcome(sum));
}

}  // namespace piccolo::determinism
