// A run from build to verdict: what is asked at its end, told on its way, and said wrongly.

#include "piccolo/sim/simulation.hpp"

#include "property.hpp"
#include "toy.hpp"
#include "unit/death.hpp"

namespace piccolo::test {
namespace {

class NoSecondStart final : public Observer {
 public:
  explicit NoSecondStart(Simulation& sim) : sim_(sim) {}
  void process_started(ProcessId process) override {
    if (++started_ == 2) {
      sim_.violated("one start", "process " + std::to_string(process) + " is the second");
    }
  }

 private:
  Simulation& sim_;
  int started_ = 0;
};

std::size_t line_with(const std::vector<std::string>& lines, const std::string& text) {
  for (std::size_t line = 0; line < lines.size(); ++line) {
    if (lines[line].find(text) != std::string::npos) return line;
  }
  FAIL("no line of the story says: " << text);
  return 0;
}

bool true_always() { return true; }

}  // namespace

TEST_CASE("at the end all programs have stopped, and what is wrong then is named") {
  const auto with = [](const std::string& complaint) {
    return Toy([complaint](Simulation& sim) {
      add_ticker(sim);
      sim.at_end("stopped", [&sim] {
        return sim.world().running(0) ? std::string("n1 runs") : std::string();
      });
      sim.at_end("sum", [complaint] { return complaint; });
      sim.at_end("later", [complaint] { return complaint; });
    });
  };
  CHECK(with("").verdict() == "held");
  const sim::RunResult run = with("3 are missing").run();
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "sum");
  CHECK(run.violation->detail == "3 are missing");
  CHECK_FALSE(run.violation->liveness);
}

TEST_CASE("a run that broke is not asked what is wrong at its end") {
  bool asked = false;
  const Toy toy([&asked](Simulation& sim) {
    const Ticker& ticker = add_ticker(sim);
    sim.never("tick", [&ticker] { return ticker.ticks > 0; });
    sim.at_end("asked", [&asked] {
      asked = true;
      return std::string("asked");
    });
  });
  CHECK(toy.verdict() == "tick");
  CHECK_FALSE(asked);
}

TEST_CASE("an observer can break an invariant of its own, and the run ends there") {
  Toy toy([](Simulation& sim) {
    add_ticker(sim);
    sim.world().add_observer(sim.keep<NoSecondStart>(sim));
  });
  CHECK(toy.verdict() == "held");
  toy.scenario.listed = {ListedFault{"here", "300ms kill n1, restart in 100ms"}};
  const sim::RunResult run = toy.run();
  REQUIRE(run.violation);
  CHECK(run.violation->invariant == "one start");
  CHECK(run.violation->detail == "process 0 is the second");
  CHECK(run.violation->at == milliseconds(400));
}

TEST_CASE("the story has what the world tells, from before its first host to the end") {
  const Toy toy([](Simulation& sim) {
    sim.note("before there is anything");
    const Ticker& ticker = add_ticker(sim);
    sim.note("built");
    sim.at_heal([&sim] { sim.note(sim.healed() ? "healed it is" : "not healed"); });
    sim.eventually("thirteen", seconds(1), [&ticker] { return ticker.ticks == 13; });
  });
  const auto lines = toy.story();
  const std::size_t before = line_with(lines, "before there is anything");
  const std::size_t built = line_with(lines, "built");
  const std::size_t started = line_with(lines, "process started");
  const std::size_t healed = line_with(lines, "1.000000  *     healed it is");
  const std::size_t met = line_with(lines, "1.300000  *     `thirteen` came true");
  const std::size_t stopping = line_with(lines, "1.300000  *     stopping all");
  CHECK(before < built);
  CHECK(built < started);
  CHECK(started < healed);
  CHECK(healed < met);
  CHECK(met < stopping);
}

TEST_CASE("counters are read when the run is over, whether it held or not") {
  for (const bool breaks : {false, true}) {
    const Toy toy([breaks](Simulation& sim) {
      const Ticker& ticker = add_ticker(sim);
      sim.counter("ticks", [&ticker] { return static_cast<std::uint64_t>(ticker.ticks); });
      if (breaks) sim.never("three", [&ticker] { return ticker.ticks == 3; });
    });
    const auto expected = breaks ? 3U : 10U;
    CHECK(toy.run().totals.counters == std::vector<sim::NamedCount>{{"ticks", expected}});
  }
}

TEST_CASE(
    "the world's own choice of kernels and links goes before the seed's, behind a scenario's") {
  const auto described = [](bool chosen, bool by_scenario) {
    Toy toy([chosen](Simulation& sim) {
      if (chosen) sim.options().tcp.send_buffer = 12'345;
      if (chosen) sim.options().link.latency.base = milliseconds(7);
      sim.add_node(sim.add_host("n1"), "n1", [](Env& env) { return idles(env); });
    });
    if (by_scenario) toy.scenario.link = LinkOptions(LatencyModel{.base = milliseconds(9)});
    std::string text;
    for (const auto& line : toy.story()) text += line + "\n";
    return text;
  };
  CHECK_THAT(described(true, false), contains_text("buffers 12345/"));
  CHECK_THAT(described(true, false), contains_text("links of 7ms"));
  CHECK_THAT(described(true, true), contains_text("links of 9ms"));
  CHECK(described(false, false).find("12345") == std::string::npos);
}

TEST_CASE("a scenario that names what the world does not have is refused before it runs") {
  Toy toy([](Simulation& sim) { add_ticker(sim); });
  CHECK_FALSE(complaint_about(toy.world, toy.scenario));
  toy.scenario.links = {{"n1", "n2", LinkOptions()}};
  CHECK_THAT(complaint_about(toy.world, toy.scenario).value(), contains_text("`n2` is no host"));
  CHECK_THROWS_AS(toy.run(), std::invalid_argument);
  toy.scenario.links.clear();
  toy.scenario.listed = {ListedFault{"faults.txt:3", "100ms pause n2 for 100ms"}};
  CHECK_THAT(complaint_about(toy.world, toy.scenario).value(),
             contains_text("faults.txt:3: no node is called `n2`"));
  CHECK_THROWS_AS(toy.run(), std::invalid_argument);
}

TEST_CASE("a world that is built wrongly is told by name") {
  struct Misuse {
    Toy::Build build;
    const char* says;
  };
  const auto nothing = [](Env& env) { return idles(env); };
  const std::vector<Misuse> misuses{
      {[](Simulation& sim) {
         sim.add_host("a");
         sim.options();
       },
       "options were asked for after the first host was added"},
      {[&](Simulation& sim) {
         sim.add_client("c", nothing);
         sim.add_host("a");
       },
       "a host was added after a client"},
      {[&](Simulation& sim) {
         const HostId host = sim.add_host("a");
         sim.add_client("c", nothing);
         sim.add_node(host, "n", nothing);
       },
       "a node was added after a client"},
      {[](Simulation& sim) { sim.always("a", nullptr); }, "an invariant was given no condition"},
      {[](Simulation& sim) { sim.never("a", nullptr); }, "an invariant was given no condition"},
      {[](Simulation& sim) { sim.eventually("a", seconds(1), nullptr); },
       "an invariant was given no condition"},
      {[](Simulation& sim) { sim.eventually("a", seconds(0), true_always); },
       "an invariant was given no time to come true"},
      {[](Simulation& sim) { sim.at_end("a", nullptr); }, "an invariant was given nothing to ask"},
      {[](Simulation& sim) { sim.always("", true_always); }, "an invariant was given no name"},
      {[](Simulation& sim) {
         sim.always("a", true_always);
         sim.sometimes("a");
       },
       "two invariants were given one name"},
      {[](Simulation& sim) { sim.core_of(0); }, "a core was declared that has no hosts"},
      {[](Simulation& sim) { sim.counter("a", nullptr); }, "a counter was given nothing to count"}};
  for (const Misuse& misuse : misuses) {
    INFO(misuse.says);
    CHECK_THAT(abort_message([&] { Toy(misuse.build).run(); }), contains_text(misuse.says));
  }
}

}  // namespace piccolo::test
