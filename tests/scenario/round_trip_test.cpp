// What is written reads back.

#include <string>
#include <vector>

#include "property.hpp"
#include "worlds.hpp"

using namespace piccolo;
using namespace piccolo::sim;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

Duration any_time(Duration low, Duration high) {
  // Round ones and odd ones.
  const Duration unit = *rc::gen::element<Duration>(1ns, 1us, 1ms, 1s);
  const auto most = std::min<std::int64_t>((high - low) / unit, 5000);
  return low + *rc::gen::inRange<std::int64_t>(0, most + 1) * unit;
}

std::string any_line() {
  return *rc::gen::container<std::string>(rc::gen::oneOf(
             rc::gen::inRange<char>(' ', 127), rc::gen::element<char>('"', '\\', '\'', '#'))) +
         *rc::gen::element<std::string>("", "é", "\xE2\x82\xAC");
}

std::uint32_t any_share() { return *rc::gen::inRange<std::uint32_t>(0, ppm_always + 1); }

LinkOptions any_link() {
  LinkOptions link;
  link.latency.shape = static_cast<LatencyModel::Shape>(*rc::gen::inRange(0, 4));
  link.latency.base = any_time(0s, 1h);
  link.latency.spread = any_time(0s, 1h);
  link.loss_ppm = any_share();
  link.duplicate_ppm = any_share();
  link.reorder_ppm = any_share();
  link.reorder_by = any_time(0s, 1h);
  link.mtu_bytes = *rc::gen::inRange<std::uint32_t>(576, 65'536);
  link.bandwidth_bytes_per_second = *rc::gen::inRange<std::uint64_t>(0, 1ULL << 40U);
  link.queue_bytes = link.mtu_bytes + *rc::gen::inRange<std::uint64_t>(0, 1ULL << 30U);
  return link;
}

// Some members are those of `base`: what is not written is what it was.
LinkOptions any_variant(const LinkOptions& base) {
  LinkOptions link = any_link();
  if (*rc::gen::arbitrary<bool>()) link.latency = base.latency;
  if (*rc::gen::arbitrary<bool>()) link.latency.shape = base.latency.shape;
  if (*rc::gen::arbitrary<bool>()) link.loss_ppm = base.loss_ppm;
  if (*rc::gen::arbitrary<bool>()) {
    link.mtu_bytes = base.mtu_bytes;
    link.queue_bytes = base.queue_bytes;
  }
  return link;
}

void choose_links(Scenario& scenario) {
  if (*rc::gen::arbitrary<bool>()) scenario.link = any_variant(LinkOptions());
  const LinkOptions base = scenario.link.value_or(LinkOptions());
  const int rules = *rc::gen::inRange(0, 4);
  for (int rule = 0; rule < rules; ++rule) {
    const std::string from = "f" + any_line();
    const std::string to = "t" + any_line();
    const LinkOptions options = any_variant(base);
    scenario.links.push_back({from, to, options, ""});
    if (*rc::gen::arbitrary<bool>()) scenario.links.push_back({to, from, options, ""});
  }
}

KindProfile any_profile() {
  KindProfile profile;
  if (*rc::gen::arbitrary<bool>()) {
    const Duration per = *rc::gen::element<Duration>(1s, 1min, 1h, 10s, 1500ms, 10ms);
    profile.rate = FaultRate{
        *rc::gen::inRange<std::uint32_t>(0, static_cast<std::uint32_t>(per / 10ms) + 1), per};
  }
  if (*rc::gen::arbitrary<bool>()) profile.from = any_time(0s, 1h);
  if (*rc::gen::arbitrary<bool>()) profile.until = profile.from + any_time(1ns, 1h);
  return profile;
}

void choose_faults(Scenario& scenario) {
  if (*rc::gen::arbitrary<bool>()) {
    auto& listed = scenario.listed.emplace();
    const int lines = *rc::gen::inRange(0, 4);
    for (int line = 0; line < lines; ++line) listed.push_back({"somewhere else", any_line()});
    return;
  }
  scenario.profile.swarm = *rc::gen::arbitrary<bool>();
  scenario.faults = FaultSet::none();
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    if (!*rc::gen::arbitrary<bool>()) continue;
    scenario.faults.add(kind);
    if (*rc::gen::arbitrary<bool>()) scenario.profile.of(kind) = any_profile();
  }
}

void choose_parameters(Scenario& scenario) {
  for (const Parameter& parameter : std::vector(scenario.parameters.all())) {
    Parameter chosen = parameter;
    chosen.value = parameter.kind == Parameter::Kind::time
                       ? any_time(Duration(parameter.min), Duration(parameter.max)).count()
                       : *rc::gen::inRange(parameter.min, parameter.max + 1);
    RC_ASSERT(scenario.parameters.set(chosen.name, value_text(chosen)).has_value());
  }
}

std::optional<ReadyOrder> any_order() {
  return *rc::gen::element<std::optional<ReadyOrder>>(
      std::nullopt, ReadyOrder::fifo, ReadyOrder::random, ReadyOrder::pct(1), ReadyOrder::pct(16));
}

Scenario any_scenario(const WorldDescription& world) {
  Scenario scenario(world);
  scenario.name = "some";
  scenario.about = any_line();
  scenario.duration = any_time(1ns, 24h);
  scenario.heal = static_cast<Heal>(*rc::gen::inRange(0, 3));
  const int broken = *rc::gen::inRange(0, 3);
  for (int line = 0; line < broken; ++line) scenario.broken.push_back({"elsewhere", any_line()});
  scenario.layout_drawn = *rc::gen::arbitrary<bool>();
  scenario.usual_kernels = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) {
    scenario.repro =
        Repro{*rc::gen::arbitrary<std::uint64_t>(), "i" + any_line(), *rc::gen::arbitrary<bool>()};
  }
  scenario.order = any_order();
  scenario.buggify = *rc::gen::arbitrary<bool>();
  scenario.events_max = *rc::gen::inRange<std::uint64_t>(0, 1ULL << 62U);
  choose_parameters(scenario);
  choose_links(scenario);
  choose_faults(scenario);
  return scenario;
}

}  // namespace

TEST_CASE("round trip: a scenario that is written reads back as an equal one") {
  rc::prop("round trip", [] {
    const WorldDescription& world = two_worlds()[*rc::gen::inRange<std::size_t>(0, 2)];
    const Scenario scenario = any_scenario(world);
    const std::string text = to_toml(scenario, world.name);
    RC_LOG() << text;
    const auto loaded = parse_scenario(text, "a/some.toml", two_worlds());
    if (!loaded) RC_FAIL(loaded.error());
    RC_ASSERT(loaded->world == &world);
    RC_ASSERT(loaded->scenario == scenario);
  });
}

TEST_CASE("round trip: a written scenario does not depend on the world's defaults") {
  WorldDescription before = two_worlds()[0];
  const Scenario scenario(before);
  WorldDescription later = before;
  later.duration = 99s;
  later.faults = FaultSet::none();
  later.parameters[0].value = 64;
  const auto loaded = parse_scenario(to_toml(scenario, before.name), ".toml", std::span(&later, 1));
  REQUIRE(loaded);
  CHECK(loaded->scenario == scenario);
}

TEST_CASE("round trip: how a scenario is written") {
  Scenario scenario(two_worlds()[1]);
  scenario.about = "say \"hi\"";
  scenario.link = LinkOptions();
  scenario.link->loss_ppm = 1000;
  scenario.links.push_back({"h1", "h2", *scenario.link, ""});
  scenario.links.push_back({"h2", "h1", *scenario.link, ""});
  scenario.links.back().options.bandwidth_bytes_per_second = 5000;
  scenario.faults.add(FaultKind::hup);
  scenario.profile.of(FaultKind::hup).rate = FaultRate{2, 1min};
  CHECK(to_toml(scenario, "toy") == R"(about = "say \"hi\""
world = "toy"
duration = "7s"
heal = "drawn"
order = "mixed"
buggify = true
events_max = 20000000

[parameters]
clients = 3
lease = "2s"

[link]
loss = "0.1%"

[[links]]
from = "h1"
to = "h2"

[[links]]
from = "h2"
to = "h1"
bandwidth = "5kB/s"

[faults]
kinds = "hup"
swarm = false

[faults.hup]
rate = "2 per minute"
)");
  scenario.links.clear();
  scenario.link.reset();
  scenario.listed.emplace().push_back({"", "1s isolate h1 for 2s"});
  CHECK(to_toml(scenario, "toy").ends_with(R"([faults]
list = [
  "1s isolate h1 for 2s",
]
)"));
}
