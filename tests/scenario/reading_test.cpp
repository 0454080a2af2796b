// What each key means.

#include "catch.hpp"
#include "worlds.hpp"

using namespace piccolo;
using namespace piccolo::sim;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

Scenario read(std::string_view text) { return read_text(text).scenario; }

}  // namespace

TEST_CASE("scenario: nothing said means what the world says") {
  for (const char* text : {"", "# nothing\n", "\xEF\xBB\xBF", "[parameters]\n[faults]\n"}) {
    const LoadedScenario loaded = read_text(text);
    CHECK(loaded.world == &only_piccolo().front());
    Scenario expected(only_piccolo().front());
    expected.name = "scenario";
    CHECK(loaded.scenario == expected);
  }
}

TEST_CASE("scenario: every key above the sections is read") {
  const Scenario scenario = read(R"toml(
about = "a line"
world = "piccolo"
duration = "1.5s"
heal = "core"
order = "pct(3)"
buggify = false
events_max = 17
)toml");
  CHECK(scenario.about == "a line");
  CHECK(scenario.duration == 1500ms);
  CHECK(scenario.heal == Heal::core);
  CHECK(scenario.order == ReadyOrder::pct(3));
  CHECK_FALSE(scenario.buggify);
  CHECK(scenario.events_max == 17);
}

TEST_CASE("scenario: words of heal and order") {
  CHECK(read("heal = 'drawn'").heal == Heal::drawn);
  CHECK(read("heal = 'all'").heal == Heal::all);
  CHECK(read("order = 'mixed'").order == std::nullopt);
  CHECK(read("order = 'fifo'").order == ReadyOrder::fifo);
  CHECK(read("order = 'random'").order == ReadyOrder::random);
}

TEST_CASE("scenario: the world is named where there are several") {
  const LoadedScenario toy = read_text("world = 'toy'\nparameters.lease = '1s'", two_worlds());
  CHECK(toy.world == &two_worlds()[1]);
  CHECK(toy.scenario.duration == 7s);
  CHECK(toy.scenario.faults == FaultSet::none());
  CHECK(toy.scenario.parameters.time("lease") == 1s);
  CHECK(toy.scenario.parameters.count("clients") == 3);
}

TEST_CASE("scenario: it is called by its file") {
  const auto name = [](std::string_view file) {
    return parse_scenario("", file, only_piccolo()).value().scenario.name;
  };
  CHECK(name("wan.toml") == "wan");
  CHECK(name("some/where/wan.toml") == "wan");
  CHECK(name("wan") == "wan");
  CHECK(name("/a.toml/b.c.toml") == "b.c");
}

TEST_CASE("scenario: parameters are those of the world") {
  CHECK(read("[parameters]\nnodes = 7").parameters.count("nodes") == 7);
  CHECK(read("").parameters.count("nodes") == 5);
}

TEST_CASE("scenario: every key of a link is read") {
  const Scenario scenario = read(R"toml(
[link]
latency = "2ms"
spread = "300us"
shape = "long-tailed"
loss = "0.1%"
duplicate = "2%"
reorder = "0.0001%"
reorder_by = "7ms"
bandwidth = "1.5MB/s"
queue = "64KiB"
mtu = 1280
)toml");
  REQUIRE(scenario.link);
  CHECK(scenario.link->latency.base == 2ms);
  CHECK(scenario.link->latency.spread == 300us);
  CHECK(scenario.link->latency.shape == LatencyModel::Shape::long_tailed);
  CHECK(scenario.link->loss_ppm == 1000);
  CHECK(scenario.link->duplicate_ppm == 20'000);
  CHECK(scenario.link->reorder_ppm == 1);
  CHECK(scenario.link->reorder_by == 7ms);
  CHECK(scenario.link->bandwidth_bytes_per_second == 1'500'000);
  CHECK(scenario.link->queue_bytes == 65'536);
  CHECK(scenario.link->mtu_bytes == 1280);
  CHECK(read("[link]").link == LinkOptions());
}

TEST_CASE("scenario: a spread alone is uniform") {
  using Shape = LatencyModel::Shape;
  CHECK(read("link.spread = '1ms'").link->latency.shape == Shape::uniform);
  CHECK(read("link.spread = '0s'").link->latency.shape == Shape::constant);
  CHECK(read("link = {spread = '1ms', shape = 'constant'}").link->latency.shape == Shape::constant);
  CHECK(read("link = {spread = '1ms', shape = 'exponential'}").link->latency.shape ==
        Shape::exponential);
}

TEST_CASE("scenario: pairs have what the link of all has unless they say otherwise") {
  const Scenario scenario = read(R"toml(
[[links]]
between = ["n1", "n2"]
loss = "1%"
[[links]]
from = "n3"
to = "n1"
bandwidth = "unlimited"
[link]
latency = "9ms"
bandwidth = "1MB/s"
)toml");
  LinkOptions base;
  base.latency.base = 9ms;
  base.bandwidth_bytes_per_second = 1'000'000;
  LinkOptions lossy = base;
  lossy.loss_ppm = 10'000;
  LinkOptions wide = base;
  wide.bandwidth_bytes_per_second = 0;
  const std::vector<LinkRule> expected{
      {"n1", "n2", lossy, ""}, {"n2", "n1", lossy, ""}, {"n3", "n1", wide, ""}};
  CHECK(scenario.links == expected);
  CHECK(scenario.links[0].place == "scenario.toml:2:1");
  CHECK(scenario.links[2].place == "scenario.toml:5:1");
}

TEST_CASE("scenario: kinds of faults are a string or a list") {
  CHECK(read("faults.kinds = 'all,-hup'").faults == FaultSet::parse("all,-hup"));
  CHECK(read("faults.kinds = ['all', '-hup']").faults == FaultSet::parse("all,-hup"));
  CHECK(read("faults.kinds = ['crash', 'hup']").faults == FaultSet::parse("crash,hup"));
  CHECK(read("faults.kinds = []").faults == FaultSet::none());
  CHECK(read("faults.kinds = 'none'").faults == FaultSet::none());
}

TEST_CASE("scenario: how faults are drawn") {
  const Scenario scenario = read(R"toml(
[faults]
swarm = false
[faults.partition]
rate = "2 per minute"
from = "5s"
until = "20s"
[faults.clock-drift]
rate = "0 per 10s"
)toml");
  CHECK_FALSE(scenario.profile.swarm);
  FaultProfile expected;
  expected.swarm = false;
  expected.of(FaultKind::partition) = {FaultRate{2, 1min}, 5s, 20s};
  expected.of(FaultKind::clock_drift).rate = FaultRate{0, 10s};
  CHECK(scenario.profile == expected);
  CHECK(read("faults.hup.rate = '1 per second'").profile.of(FaultKind::hup).rate ==
        FaultRate{1, 1s});
  CHECK(read("faults.hup.rate = '30 per hour'").profile.of(FaultKind::hup).rate ==
        FaultRate{30, 1h});
}

TEST_CASE("scenario: listed faults keep their places") {
  const Scenario scenario = read("[faults]\nlist = [\n  '1s isolate n2 for 3s', # so\n  '2s x']\n");
  REQUIRE(scenario.listed);
  REQUIRE(scenario.listed->size() == 2);
  CHECK(scenario.listed->at(0).line == "1s isolate n2 for 3s");
  CHECK(scenario.listed->at(0).place == "scenario.toml:3:3");
  CHECK(scenario.listed->at(1).place == "scenario.toml:4:3");
  CHECK(read("faults.list = []").listed == std::vector<ListedFault>());
}

TEST_CASE("scenario: the world complains about what it does not have, with the place in the file") {
  const auto complaint = [](std::string_view text) {
    const LoadedScenario loaded = read_text(text);
    return complaint_about(*loaded.world, loaded.scenario).value_or("none");
  };
  CHECK(complaint("[faults]\nlist = [ '1s isolate n2 for 3s' ]") == "none");
  CHECK(complaint("[faults]\nlist = [ '1s isolate n9 for 3s' ]") ==
        "scenario.toml:2:10: no host is called `n9`; did you mean `n1`?");
  CHECK(complaint("[[links]]\nbetween = ['n1', 'x']\n") ==
        "scenario.toml:1:1: `x` is no host of this world; known are `n1`, `n2`, `n3`, `n4` and "
        "`n5`");
}
