#include "broken_nodes.hpp"

#include "cluster.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

using sim::RunResult;

// The first failing seed within 1..200.
RunResult first_found(const Cluster& cluster) {
  sim::CampaignOptions options;
  options.seeds = {1, 200};
  options.jobs = 2;
  options.failures_max = 1;
  const auto found = sim::run_campaign(cluster.world, cluster.scenario, options);
  REQUIRE(found.failed == 1);
  return found.groups.front().quickest;
}

void is_found_and_replayed(const BrokenNode& broken) {
  INFO("a node that " << broken.name);
  const Cluster cluster(broken.parts);
  const RunResult first = first_found(cluster);
  INFO("seed " << first.seed << ": " << first.violation->detail);
  CHECK(first.violation->invariant == broken.invariant);

  const RunResult again = cluster.run(first.seed);
  REQUIRE(again.violation);
  CHECK(again.violation->invariant == first.violation->invariant);
  CHECK(again.violation->detail == first.violation->detail);
  CHECK(again.violation->at == first.violation->at);
  CHECK(again.trace_hash == first.trace_hash);
}

const BrokenNode& node_that(std::string_view name) {
  for (const BrokenNode& broken : broken_nodes()) {
    if (broken.name == name) return broken;
  }
  FAIL("no broken node is called " << name);
  return broken_nodes().front();
}

}  // namespace

TEST_CASE("a node that forgets to reconnect after a HUP is found") {
  is_found_and_replayed(node_that("forgets to reconnect after a HUP"));
}

TEST_CASE("a node that connects to itself is found") {
  is_found_and_replayed(node_that("connects to itself"));
}

TEST_CASE("a node that echoes a short read's buffer whole is found") {
  is_found_and_replayed(node_that("echoes a short read's buffer whole"));
}

TEST_CASE("a node that opens a second stream to a peer is found") {
  is_found_and_replayed(node_that("opens a second stream to a peer"));
}

TEST_CASE("a node that loses the retry timer when refused after a time-out is found") {
  is_found_and_replayed(node_that("loses the retry timer when refused after a time-out"));
}

TEST_CASE("a node that drops the last chunk before close is found") {
  is_found_and_replayed(node_that("drops the last chunk before close"));
}

TEST_CASE("a node that ignores short writes is found") {
  is_found_and_replayed(node_that("ignores short writes"));
}

TEST_CASE("a node that waits for ever for an echo is found") {
  is_found_and_replayed(node_that("waits for ever for an echo"));
}

TEST_CASE("a node that does not stop when canceled is found") {
  is_found_and_replayed(node_that("does not stop when canceled"));
}

TEST_CASE("a node that throws when a peer resets is found") {
  is_found_and_replayed(node_that("throws when a peer resets"));
}

TEST_CASE("every broken node has a test above") { CHECK(broken_nodes().size() == 10); }

TEST_CASE("what must happen and did not is told apart from what must not happen and did") {
  const Cluster forgetful(node_that("forgets to reconnect after a HUP").parts);
  CHECK(first_found(forgetful).violation->liveness);
  const Cluster careless(node_that("echoes a short read's buffer whole").parts);
  CHECK_FALSE(first_found(careless).violation->liveness);
}

TEST_CASE("a campaign keeps the lowest failing seeds, in order, and counts the rest") {
  const Cluster cluster(2, FaultSet::all(), std::chrono::seconds(2),
                        node_that("does not stop when canceled").parts);
  const sim::CampaignResult result = cluster.run_all({11, 20});
  CHECK(result.totals.runs == 10);
  CHECK(result.failed == 10);
  const auto kept = failures(result);
  REQUIRE(kept.size() >= 3);
  CHECK(kept[0].seed == 11);
  CHECK(kept[1].seed == 12);
  CHECK(kept[2].seed == 13);
}

}  // namespace piccolo::test
