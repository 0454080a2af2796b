#include <fmt/format.h>

#include <set>
#include <vector>

#include "catch.hpp"
#include "cluster.hpp"
#include "outcome.hpp"
#include "piccolo/core/node/parts.hpp"
#include "piccolo/core/stream_io.hpp"

namespace piccolo::determinism {
namespace {

using sim::CampaignResult;
using test::Cluster;

// An echo that gets one byte wrong, on some connections.
Task<void> careless_echo(Env& env, Stream stream, NodeState& node) {
  Draws draws = env.random.stream("test.careless", stream.remote_endpoint().port);
  std::vector<std::byte> buffer(node.config.limits.buffer_bytes);
  for (;;) {
    const auto got = co_await stream.read_some(buffer);
    if (!got || *got == 0) co_return;
    if (draws.chance(1, slowdown > 1 ? 500 : 2000)) buffer[0] ^= std::byte{1};
    const auto chunk = std::span<const std::byte>(buffer).first(*got);
    const auto written = co_await write_all(stream, chunk);
    if (!written) co_return;
  }
}

Cluster careless_world() {
  NodeParts parts;
  parts.echo = &careless_echo;
  return Cluster(3, FaultSet::all(), std::chrono::seconds(2), parts);
}

// Everything but the time it took.
std::string outcome_of(const CampaignResult& result) {
  std::string text = fmt::format("{} planned, {} failed, end {}, {}", result.planned, result.failed,
                                 static_cast<int>(result.end), outcome(result.totals));
  for (const sim::FailureGroup& group : result.groups) {
    text += fmt::format("\n{} of {}, quickest {}", group.seeds, group.signature,
                        outcome(group.quickest));
    for (const sim::RunResult& run : group.examples) text += fmt::format("\n{}", outcome(run));
  }
  return text;
}

// Every failing run, as it is told of.
std::vector<std::string> told_failures(const Cluster& cluster, sim::SeedRange seeds,
                                       unsigned jobs) {
  std::vector<std::string> told;
  sim::CampaignOptions options;
  options.seeds = seeds;
  options.jobs = jobs;
  options.failed = [&told](const sim::RunResult& run) { told.push_back(outcome(run)); };
  sim::run_campaign(cluster.world, cluster.scenario, options);
  return told;
}

constexpr sim::SeedRange all_seeds{1, slowdown > 1 ? 40 : 120};

}  // namespace

TEST_CASE("a campaign finds the same with any number of threads") {
  const Cluster cluster = careless_world();
  const CampaignResult alone = cluster.run_all(all_seeds, 1);
  // Some break and some do not, or the comparison would say little.
  CHECK(alone.failed > 2);
  CHECK(alone.failed < alone.totals.runs);
  for (const unsigned jobs : {2U, 5U, 64U}) {
    CHECK(outcome_of(cluster.run_all(all_seeds, jobs)) == outcome_of(alone));
  }
}

TEST_CASE("a campaign tells of all failing seeds in their order, with any number of threads") {
  const Cluster cluster = careless_world();
  const auto alone = told_failures(cluster, all_seeds, 1);
  CHECK(alone.size() > 2);
  for (const unsigned jobs : {2U, 5U}) CHECK(told_failures(cluster, all_seeds, jobs) == alone);
}

TEST_CASE("a campaign that ends with its second failure ends with the same for any threads") {
  const Cluster cluster = careless_world();
  const auto all = told_failures(cluster, all_seeds, 2);
  REQUIRE(all.size() > 2);
  sim::CampaignOptions options;
  options.seeds = all_seeds;
  options.failures_max = 2;
  std::set<std::string> found;
  for (const unsigned jobs : {1U, 2U, 5U}) {
    options.jobs = jobs;
    const CampaignResult few = sim::run_campaign(cluster.world, cluster.scenario, options);
    const auto kept = test::failures(few);
    REQUIRE(kept.size() == 2);
    CHECK(outcome(kept[0]) == all[0]);
    CHECK(outcome(kept[1]) == all[1]);
    found.insert(outcome_of(few));
  }
  CHECK(found.size() == 1);
}

TEST_CASE("a seed that broke in a campaign breaks alike alone") {
  const Cluster cluster = careless_world();
  const auto found = test::failures(cluster.run_all(all_seeds));
  REQUIRE(!found.empty());
  for (const sim::RunResult& run : found) {
    CHECK(run.violation->invariant == "echo");
    CHECK(outcome(cluster.run(run.seed)) == outcome(run));
  }
}

TEST_CASE("a campaign's totals are the sums of its runs") {
  const Cluster cluster(3, FaultSet::all(), std::chrono::seconds(2));
  sim::RunTotals sum;
  constexpr sim::SeedRange seeds{10, 10 + 30 / slowdown};
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    sum.add(cluster.run(seed).totals);
  }
  CHECK(outcome(cluster.run_all(seeds).totals) == outcome(sum));
}

}  // namespace piccolo::determinism
