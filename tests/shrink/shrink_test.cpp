// What a failing seed shrinks to, and that it means the same later.

#include "piccolo/sim/shrink.hpp"

#include <fmt/format.h>

#include "catch.hpp"
#include "piccolo/sim/run_world.hpp"
#include "piccolo/sim/scenario_file.hpp"
#include "variants.hpp"

namespace piccolo::test {
namespace {

using namespace sim;
using std::chrono::seconds;

bool gives_up(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed) {
  const auto run = run_world(world, scenario, seed);
  return run.violation && run.violation->invariant == "gives up";
}

const WorldDescription& plain() {
  static const WorldDescription world = impatient(Since::nothing);
  return world;
}

// The first seed that breaks the world as it was, and none with another host in front.
std::uint64_t fickle_seed() {
  static const std::uint64_t found = [] {
    const WorldDescription later = impatient(Since::a_host_in_front);
    for (std::uint64_t seed = 1; seed < 1000; ++seed) {
      const bool now = gives_up(plain(), Scenario(plain()), seed);
      if (now && !gives_up(later, Scenario(later), seed)) return seed;
    }
    return std::uint64_t{0};
  }();
  return found;
}

ShrinkOptions options(unsigned jobs = 2) {
  ShrinkOptions made;
  made.jobs = jobs;
  made.time_budget = Duration(0);
  return made;
}

const ShrinkResult& shrunk() {
  static const ShrinkResult result =
      shrink(plain(), Scenario(plain()), fickle_seed(), options()).value();
  return result;
}

std::string file_of(const ShrinkResult& result) {
  return repro_toml(result, "impatient", "program", "repro.toml");
}

}  // namespace

TEST_CASE("a failing seed shrinks to one fault, two hosts and a short run that break the same") {
  REQUIRE(fickle_seed() > 0);
  const ShrinkResult& result = shrunk();
  INFO(file_of(result));
  CHECK(result.before.faults > 20);
  CHECK(result.before.hosts == 5);
  CHECK(result.after.faults == 1);
  CHECK(result.after.hosts == 2);
  CHECK(result.after.duration <= seconds(3));
  CHECK(result.end == ShrinkEnd::smallest);
  CHECK(gives_up(plain(), result.scenario, fickle_seed()));
  CHECK(result.others_broken == 20);
}

TEST_CASE("a repro means the same after another draw, log line or host, and its seed does not") {
  const auto loaded = parse_scenario(file_of(shrunk()), "repro.toml", {&plain(), 1});
  REQUIRE(loaded.has_value());
  for (const Since since : {Since::nothing, Since::another_draw, Since::another_log_line,
                            Since::another_host, Since::a_host_in_front}) {
    INFO(static_cast<int>(since));
    const WorldDescription later = impatient(since);
    CHECK(gives_up(later, loaded->scenario, loaded->scenario.repro->seed));
    const WorldDescription fixed = impatient(since, mended);
    CHECK_FALSE(gives_up(fixed, loaded->scenario, loaded->scenario.repro->seed));
  }
  const WorldDescription later = impatient(Since::a_host_in_front);
  CHECK_FALSE(gives_up(later, Scenario(later), fickle_seed()));
}

TEST_CASE("what is found does not depend on the number of threads") {
  for (const unsigned jobs : {1U, 5U}) {
    const auto other = shrink(plain(), Scenario(plain()), fickle_seed(), options(jobs));
    REQUIRE(other.has_value());
    CHECK(file_of(*other) == file_of(shrunk()));
    CHECK(other->runs == shrunk().runs);
  }
}

TEST_CASE("what was shrunk shrinks to nothing larger") {
  const auto again = shrink(plain(), shrunk().scenario, fickle_seed(), options());
  REQUIRE(again.has_value());
  CHECK(again->after.faults <= shrunk().after.faults);
  CHECK(again->after.hosts <= shrunk().after.hosts);
  CHECK(again->after.duration <= shrunk().after.duration);
}

TEST_CASE("a limit of runs ends it with the best so far, the same for any number of threads") {
  std::vector<std::string> files;
  for (const unsigned jobs : {1U, 3U}) {
    ShrinkOptions limited = options(jobs);
    limited.runs_max = 17;
    const auto result = shrink(plain(), Scenario(plain()), fickle_seed(), limited);
    REQUIRE(result.has_value());
    CHECK(result->end == ShrinkEnd::runs_max);
    CHECK(result->runs <= 17);
    CHECK(result->after.faults < result->before.faults);
    CHECK(gives_up(plain(), result->scenario, fickle_seed()));
    files.push_back(file_of(*result));
    CHECK_THAT(files.back(), contains_text("# Cut short by the limit of runs"));
  }
  CHECK(files.front() == files.back());
}

TEST_CASE("an interruption ends it with the best so far") {
  std::atomic<bool> interrupted{false};
  ShrinkOptions stopped = options(1);
  stopped.interrupted = &interrupted;
  std::uint64_t told = 0;
  stopped.progress = [&](const ShrinkProgress& progress) {
    CHECK(progress.now.faults <= progress.before.faults);
    CHECK_FALSE(progress.step.empty());
    if (++told == 10) interrupted = true;
  };
  const auto result = shrink(plain(), Scenario(plain()), fickle_seed(), stopped);
  REQUIRE(result.has_value());
  CHECK(told == 10);
  CHECK(result->end == ShrinkEnd::interrupted);
  CHECK(result->others == 0);
  CHECK(gives_up(plain(), result->scenario, fickle_seed()));
}

TEST_CASE("the end of the time ends it with the best so far") {
  ShrinkOptions hasty = options(1);
  hasty.time_budget = Duration(1);
  const auto result = shrink(plain(), Scenario(plain()), fickle_seed(), hasty);
  REQUIRE(result.has_value());
  CHECK(result->end == ShrinkEnd::time_budget);
  CHECK(gives_up(plain(), result->scenario, fickle_seed()));
}

TEST_CASE("a seed that holds, and a repro that no longer breaks, cannot be shrunk") {
  Scenario calm(plain());
  calm.faults = FaultSet::none();
  const auto held = shrink(plain(), calm, 7, options());
  REQUIRE_FALSE(held.has_value());
  CHECK(held.error() == "seed 7 holds; give one that breaks an invariant");
  Scenario other = shrunk().scenario;
  other.repro->invariant = "another";
  const auto wrong = shrink(plain(), other, fickle_seed(), options());
  REQUIRE_FALSE(wrong.has_value());
  CHECK_THAT(wrong.error(), contains_text("no longer breaks `another`, but `gives up`"));
}

TEST_CASE("a time of refusals becomes the one refused connect, whenever it comes") {
  const WorldDescription hasty = impatient(Since::nothing, 1);
  Scenario scenario(hasty);
  scenario.listed.emplace().push_back({"test", "3.21s n1 refuses connections for 650ms"});
  const auto result = shrink(hasty, scenario, 1, options());
  REQUIRE(result.has_value());
  INFO(file_of(*result));
  REQUIRE(result->after.faults == 1);
  CHECK(result->scenario.listed->front().line == "0s refuse connect 1 from n2 to n1");
  for (const Since since : {Since::another_draw, Since::another_log_line, Since::another_host,
                            Since::a_host_in_front}) {
    CHECK(gives_up(impatient(since, 1), result->scenario, 1));
  }
}

}  // namespace piccolo::test
