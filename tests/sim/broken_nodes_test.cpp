#include "broken_nodes.hpp"

#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/sweep.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

constexpr SeedRange within_200{1, 200};

SweepResult sweep_with(const NodeParts& parts, SeedRange seeds) {
  ClusterOptions world;
  world.parts = parts;
  SweepOptions options;
  options.jobs = 2;
  return sweep(world, seeds, options);
}

void is_found_and_replayed(const BrokenNode& broken) {
  INFO("a node that " << broken.name);
  const SweepResult found = sweep_with(broken.parts, within_200);
  REQUIRE(found.violated > 0);
  const RunResult& first = found.violations.front();
  CHECK(first.violation->invariant == broken.invariant);

  ClusterOptions world;
  world.parts = broken.parts;
  const RunResult again = run_cluster(world, first.seed, nullptr);
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
  const auto forgetful = node_that("forgets to reconnect after a HUP");
  const SweepResult missing = sweep_with(forgetful.parts, {1, 5});
  REQUIRE(missing.violated > 0);
  CHECK(missing.violations.front().violation->liveness);
  const SweepResult wrong =
      sweep_with(node_that("echoes a short read's buffer whole").parts, {1, 5});
  REQUIRE(wrong.violated > 0);
  CHECK_FALSE(wrong.violations.front().violation->liveness);
}

TEST_CASE("a sweep keeps the lowest failing seeds, in order, and counts the rest") {
  ClusterOptions world;
  world.parts = node_that("does not stop when canceled").parts;
  world.nodes = 2;
  world.duration = std::chrono::seconds(2);
  SweepOptions options;
  options.jobs = 2;
  options.violations_kept = 3;
  const SweepResult result = sweep(world, {11, 20}, options);
  CHECK(result.seeds == 10);
  CHECK(result.violated == 10);
  REQUIRE(result.violations.size() == 3);
  CHECK(result.violations[0].seed == 11);
  CHECK(result.violations[1].seed == 12);
  CHECK(result.violations[2].seed == 13);
}

}  // namespace piccolo::test
