// Each planted bug is found, by the invariant that it breaks, and its twin holds where it breaks.

#include "zoo.hpp"

#include <map>

#include "catch.hpp"
#include "piccolo/sim/campaign.hpp"
#include "piccolo/sim/run_world.hpp"

namespace piccolo::zoo {
namespace {

constexpr sim::SeedRange seeds{1, 300};

sim::CampaignResult campaign(const sim::WorldDescription& world, std::uint64_t failures_max) {
  sim::CampaignOptions options;
  options.seeds = seeds;
  options.jobs = 2;
  options.failures_max = failures_max;
  return sim::run_campaign(world, sim::Scenario(world), options);
}

void is_found_and_replayed(const Specimen& specimen) {
  INFO(specimen.broken.name);
  const sim::CampaignResult found = campaign(specimen.broken, 1);
  REQUIRE(found.failed == 1);
  const sim::RunResult& first = found.groups.front().examples.front();
  CHECK(first.violation->invariant == specimen.invariant);

  const sim::RunResult again =
      sim::run_world(specimen.broken, sim::Scenario(specimen.broken), first.seed);
  REQUIRE(again.violation);
  CHECK(again.violation->detail == first.violation->detail);
  CHECK(again.trace_hash == first.trace_hash);

  const sim::RunResult twin =
      sim::run_world(specimen.correct, sim::Scenario(specimen.correct), first.seed);
  if (twin.violation) FAIL(twin.violation->invariant << ": " << twin.violation->detail);
}

void are_found_and_replayed(const std::vector<Specimen>& specimens) {
  for (const Specimen& specimen : specimens) is_found_and_replayed(specimen);
}

}  // namespace

TEST_CASE("the mistakes of echo clusters are found") { are_found_and_replayed(echo_specimens()); }

TEST_CASE("the mistakes of gossip memberships are found") {
  are_found_and_replayed(gossip_specimens());
}

TEST_CASE("the mistakes of replicated registers are found") {
  are_found_and_replayed(register_specimens());
}

TEST_CASE("the mistakes of lock services are found") { are_found_and_replayed(lock_specimens()); }

TEST_CASE("the zoo has at least 16 specimens of 4 protocols, each with a name and a twin") {
  std::map<std::string, int> of_protocol;
  for (const Specimen& specimen : all_specimens()) {
    const std::string& name = specimen.broken.name;
    ++of_protocol[name.substr(0, name.find('.'))];
    CHECK(specimen.correct.name == name + ".fixed");
    CHECK(!specimen.broken.about.empty());
  }
  CHECK(of_protocol.size() >= 4);
  CHECK(all_specimens().size() >= 16);
}

}  // namespace piccolo::zoo
