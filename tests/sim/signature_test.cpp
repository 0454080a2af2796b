// What makes two failures one mistake.

#include "piccolo/sim/campaign.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

std::string signature_of(std::string detail) {
  return sim::signature({"rule", std::move(detail), Duration(0), false});
}

sim::RunResult failed(std::uint64_t seed, std::string detail, std::uint64_t events = 10) {
  sim::RunResult run;
  run.seed = seed;
  run.violation = sim::Violation{"rule", std::move(detail), Duration(0), false};
  run.totals.runs = 1;
  run.totals.events = events;
  return run;
}

}  // namespace

TEST_CASE("a signature has no numbers, times or hashes, and the first line only") {
  CHECK(signature_of("") == "rule");
  CHECK(signature_of("n1 lost") == "rule: n# lost");
  CHECK(signature_of("n12 lost 3 of 40\nand more: 5") == "rule: n# lost # of #");
  CHECK(signature_of("late by 1.5s") == signature_of("late by 20ms"));
  CHECK(signature_of("late by 2s") == signature_of("late by 999ns"));
  CHECK(signature_of("at [10.0.0.1:19919]") == signature_of("at [10.0.2.30:4]"));
  CHECK(signature_of("trace deadbeef01234567") == signature_of("trace 0000000012345678"));
  CHECK(signature_of("3 streams") == "rule: # streams");
  CHECK(signature_of("3sides") == "rule: #sides");
  CHECK(signature_of("it ended.") == "rule: it ended.");
  CHECK(signature_of("after 5.") == "rule: after #.");
}

TEST_CASE("a signature tells invariants and words apart, and is short") {
  CHECK(sim::signature({"other", "n1 lost", Duration(0), false}) != signature_of("n1 lost"));
  CHECK(signature_of("n1 lost") != signature_of("n1 found"));
  CHECK(signature_of(std::string(10'000, 'x')).size() < 200);
}

TEST_CASE("two details that differ in their numbers alone have one signature") {
  rc::prop("for all numbers", [](std::uint16_t one, std::uint16_t other) {
    const auto detail = [](unsigned number) {
      return "n" + std::to_string(number) + " waits " + std::to_string(number) + "ms for " +
             std::to_string(number) + " bytes";
    };
    RC_ASSERT(signature_of(detail(one)) == signature_of(detail(other)));
  });
}

TEST_CASE("a group has its lowest seeds, and the quickest of all") {
  sim::CampaignResult result;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    result.add(failed(seed, "n1 lost", seed == 77 ? 3 : 10));
    result.add(failed(seed, "n1 found", 20 + seed));
  }
  REQUIRE(result.groups.size() == 2);
  CHECK(result.failed == 200);
  CHECK(result.totals.runs == 200);
  CHECK(result.groups[0].signature == "rule: n# lost");
  CHECK(result.groups[0].seeds == 100);
  CHECK(result.groups[0].quickest.seed == 77);
  CHECK(result.groups[1].quickest.seed == 1);
  for (const sim::FailureGroup& group : result.groups) {
    REQUIRE(!group.examples.empty());
    for (std::size_t index = 0; index < group.examples.size(); ++index) {
      CHECK(group.examples[index].seed == index + 1);
    }
  }
}

TEST_CASE("however many seeds fail, and in however many ways, what is kept stays small") {
  sim::CampaignResult result;
  constexpr std::uint64_t seeds = 5000;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    // As many words as there are seeds.
    std::string word;
    for (std::uint64_t rest = seed; rest > 0; rest /= 16) {
      word += static_cast<char>('g' + static_cast<char>(rest % 16));
    }
    result.add(failed(seed, word));
  }
  CHECK(result.failed == seeds);
  CHECK(result.groups.size() <= 100);
  std::uint64_t grouped = 0;
  for (const sim::FailureGroup& group : result.groups) {
    grouped += group.seeds;
    CHECK(group.examples.size() <= 10);
  }
  CHECK(grouped == seeds);
  CHECK(result.groups.back().signature == "others");
}

}  // namespace piccolo::test
