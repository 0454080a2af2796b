#include "cluster.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

Cluster any_world() {
  const auto nodes = *rc::gen::inRange(2U, 8U);
  const auto duration = std::chrono::milliseconds(*rc::gen::inRange(1000, 20000));
  FaultSet faults;
  const auto bits = *rc::gen::inRange(0U, 1U << fault_kinds);
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    if ((bits >> kind & 1U) != 0) faults.add(static_cast<FaultKind>(kind));
  }
  RC_LOG() << nodes << " nodes, " << format_duration(duration) << ", " << faults.to_string()
           << "\n";
  return Cluster(nodes, faults, duration);
}

}  // namespace

TEST_CASE("a correct node holds every invariant in every world") {
  rc::prop("for every seed, size, duration and set of faults", [](std::uint64_t seed) {
    const Cluster cluster = any_world();
    const sim::RunResult run = cluster.run(seed);
    if (run.violation) RC_LOG() << run.violation->invariant << ": " << run.violation->detail;
    RC_ASSERT(!run.violation);
    RC_ASSERT(count(run.totals, "messages echoed") > 0U);
  });
}

TEST_CASE("a run is a function of its seed and its world") {
  rc::prop("for every seed and world", [](std::uint64_t seed) {
    const Cluster cluster = any_world();
    const sim::RunResult once = cluster.run(seed);
    Narrator silent([](std::string_view) {}, LogLevel::trace);
    const sim::RunResult told = cluster.run(seed, &silent);
    RC_ASSERT(once.trace_hash == told.trace_hash);
    RC_ASSERT(once.totals.events == told.totals.events);
    RC_ASSERT(cluster.run(seed + 1).trace_hash != once.trace_hash);
  });
}

}  // namespace piccolo::test
