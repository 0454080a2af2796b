#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/narrator.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

ClusterOptions any_world() {
  ClusterOptions world;
  world.nodes = *rc::gen::inRange(2U, 8U);
  world.duration = std::chrono::milliseconds(*rc::gen::inRange(1000, 20000));
  world.faults = FaultSet();
  const auto bits = *rc::gen::inRange(0U, 1U << fault_kinds);
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    if ((bits >> kind & 1U) != 0) world.faults.add(static_cast<FaultKind>(kind));
  }
  return world;
}

}  // namespace

TEST_CASE("a correct node holds every invariant in every world") {
  rc::prop("for every seed, size, duration and set of faults", [](std::uint64_t seed) {
    const ClusterOptions world = any_world();
    const RunResult run = run_cluster(world, seed, nullptr);
    RC_LOG() << "piccolo replay " << seed << " " << world_flags(world) << "\n";
    if (run.violation) RC_LOG() << run.violation->invariant << ": " << run.violation->detail;
    RC_ASSERT(!run.violation);
    RC_ASSERT(run.counts.round_trips > 0U);
  });
}

TEST_CASE("a run is a function of its seed and its world") {
  rc::prop("for every seed and world", [](std::uint64_t seed) {
    const ClusterOptions world = any_world();
    const RunResult once = run_cluster(world, seed, nullptr);
    Narrator silent([](std::string_view) {}, LogLevel::trace);
    const RunResult told = run_cluster(world, seed, &silent);
    RC_ASSERT(once.trace_hash == told.trace_hash);
    RC_ASSERT(once.counts.events == told.counts.events);
    RC_ASSERT(run_cluster(world, seed + 1, nullptr).trace_hash != once.trace_hash);
  });
}

}  // namespace piccolo::test
