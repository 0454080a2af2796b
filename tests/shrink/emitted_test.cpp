// What `shrink --emit-test` prints compiles, passes when the mistake is gone, and is what stands in
// emitted_case.inc.

#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "piccolo/sim/shrink.hpp"
#include "zoo.hpp"

namespace {

piccolo::zoo::Specimen specimen() {
  for (auto& each : piccolo::zoo::all_specimens()) {
    if (each.broken.name == "register.stale-read") return each;
  }
  throw std::logic_error("the zoo has no such specimen");
}

// The world was mended since: it has the name of the broken one.
std::vector<piccolo::sim::WorldDescription> worlds() {
  auto mended = specimen().correct;
  mended.name = specimen().broken.name;
  return {mended};
}

}  // namespace

#include "emitted_case.inc"

TEST_CASE("the test in emitted_case.inc is what is printed for its seed") {
  using namespace piccolo::sim;
  const WorldDescription world = specimen().broken;
  ShrinkOptions options;
  options.jobs = 2;
  options.time_budget = piccolo::Duration(0);
  const auto result = shrink(world, Scenario(world), 2, options);
  REQUIRE(result.has_value());
  std::ostringstream text;
  text << std::ifstream(PICCOLO_SOURCE_DIR "/tests/shrink/emitted_case.inc").rdbuf();
  // Print it anew by: zoo shrink 2 --world register.stale-read --emit-test
  CHECK(text.str() == repro_test_case(*result, world.name, "zoo"));
}
