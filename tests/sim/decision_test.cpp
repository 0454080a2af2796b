// When it was decided: worlds in which one draw, at a known moment, decides whether they break.

#include "piccolo/sim/decision.hpp"

#include <array>
#include <stdexcept>

#include "piccolo/core/network.hpp"
#include "property.hpp"
#include "toy.hpp"

namespace piccolo::test {
namespace {

using sim::Decision;
using sim::DecisionOptions;
using sim::DecisionPoint;
using sim::DecisionStep;
using sim::Reseed;

struct Outcome {
  bool heads = false;
  bool broken = false;
};

// A coin at 7 s, of draws that the program holds from the start; its outcome is seen 5 s later.
Task<void> tosses(Env& env, Outcome* outcome) {
  Draws draws = env.random.stream("coin");
  co_await env.clock.sleep_for(seconds(7));
  outcome->heads = draws.chance(1, 2);
  env.log.info("tossed");
  co_await env.clock.sleep_for(seconds(5));
  outcome->broken = outcome->heads;
}

void coin(Simulation& sim) {
  auto& outcome = sim.keep<Outcome>();
  sim.add_node(sim.add_host("n1"), "n1", [&outcome](Env& env) { return tosses(env, &outcome); });
  sim.never("heads", [&outcome] { return outcome.broken; });
}

std::uint64_t first_that_breaks(const Toy& toy) {
  std::uint64_t seed = 1;
  while (!toy.run(seed).violation) REQUIRE(++seed < 1000);
  return seed;
}

DecisionOptions few() {
  DecisionOptions options;
  options.continuations = 40;
  options.jobs = 2;
  return options;
}

Decision decide(const Toy& toy, const DecisionOptions& options = few()) {
  return sim::find_decision(toy.world, toy.scenario, first_that_breaks(toy), options);
}

// The one step there is holds the moment, is narrow, and all breaks behind it.
void check_step(const Decision& decision, Duration moment, std::uint32_t before_ppm) {
  REQUIRE(decision.steps.size() == 1);
  const DecisionStep& step = decision.steps.front();
  REQUIRE(step.before.at.has_value());
  CHECK(*step.before.at <= moment);
  CHECK(*step.after.at > moment);
  CHECK(*step.after.at - *step.before.at <= milliseconds(10));
  for (const DecisionPoint& point : decision.points) {
    if (point.at && *point.at > moment) {
      CHECK(point.broke == point.runs);
    } else {
      CHECK(sim::wilson_bounds(point.broke, point.runs).low_ppm <= before_ppm);
      CHECK(sim::wilson_bounds(point.broke, point.runs).high_ppm < 1'000'000);
      CHECK(point.broke > 0);
    }
  }
}

TEST_CASE(
    "what a program draws is found where it draws, though it holds the sequence long before") {
  check_step(decide(Toy(coin, FaultSet::none(), seconds(20))), seconds(7), 600'000);
}

// A packet at 4 s, which the link loses or not. That it is missing is noticed at 9 s.
Task<void> sends_late(Env& env, Endpoint to, Outcome* outcome) {
  auto socket = env.network.bind_datagram(Endpoint(Address::any(Address::Family::v4), 0), {});
  co_await env.clock.sleep_for(seconds(4));
  const std::array<std::byte, 1> one{};
  co_await socket->send_to(one, to);
  co_await env.clock.sleep_for(seconds(5));
  outcome->broken = !outcome->heads;
}

Task<void> receives(Env& env, Outcome* outcome) {
  auto socket = env.network.bind_datagram(Endpoint(Address::any(Address::Family::v4), 9), {});
  std::array<std::byte, 1> one{};
  const auto got = co_await socket->receive_from(one);
  outcome->heads = got.has_value();
}

void lossy(Simulation& sim) {
  auto& outcome = sim.keep<Outcome>();
  sim.options().link.loss_ppm = 500'000;
  const HostId from = sim.add_host("n1");
  const HostId to = sim.add_host("n2");
  const Endpoint target(sim.world().host_address(to), 9);
  sim.add_node(from, "n1",
               [&outcome, target](Env& env) { return sends_late(env, target, &outcome); });
  sim.add_node(to, "n2", [&outcome](Env& env) { return receives(env, &outcome); });
  sim.never("missing", [&outcome] { return outcome.broken; });
}

TEST_CASE("what a link draws is found where the packet is sent") {
  check_step(decide(Toy(lossy, FaultSet::none(), seconds(20))), seconds(4), 600'000);
}

// A start from 10 s to 12 s, so after a crash, is noticed by a client at 18 s.
Task<void> starts_late(Env& env, Outcome* outcome) {
  const Duration now = env.clock.now().time_since_epoch();
  if (now >= seconds(10) && now < seconds(12)) outcome->heads = true;
  co_await idles(env);
}

Task<void> looks_at_18s(Env& env, Outcome* outcome) {
  co_await env.clock.sleep_for(seconds(18));
  outcome->broken = outcome->heads;
}

void crashing(Simulation& sim) {
  auto& outcome = sim.keep<Outcome>();
  sim.add_node(sim.add_host("n1"), "n1",
               [&outcome](Env& env) { return starts_late(env, &outcome); });
  sim.add_client("c1", [&outcome](Env& env) { return looks_at_18s(env, &outcome); });
  sim.never("started late", [&outcome] { return outcome.broken; });
}

FaultSet only(FaultKind kind) {
  FaultSet kinds;
  kinds.add(kind);
  return kinds;
}

double time_of(const std::string& line) { return std::stod(line); }

TEST_CASE("what a fault decides is found where it strikes") {
  const Toy toy(crashing, only(FaultKind::crash), seconds(20));
  const std::uint64_t seed = first_that_breaks(toy);
  // When it is killed, it is decided when it starts.
  double crashed = 0;
  double killed = 0;
  for (const std::string& line : toy.story(seed)) {
    if (line.find("process killed") != std::string::npos) killed = time_of(line);
    const bool late = time_of(line) >= 10 && line.find("process started") != std::string::npos;
    if (late && crashed == 0) crashed = killed;
  }
  REQUIRE(crashed > 0);
  const Decision decision = sim::find_decision(toy.world, toy.scenario, seed, few());
  check_step(decision, Duration(static_cast<std::int64_t>(crashed * 1e9)), 700'000);
}

TEST_CASE("a listed fault is there in all continuations") {
  Toy toy(crashing, FaultSet::none(), seconds(20));
  toy.scenario.listed = std::vector<ListedFault>{{"here", "11s kill n1, restart in 500ms"}};
  const Decision decision = sim::find_decision(toy.world, toy.scenario, 1, few());
  REQUIRE(decision.run.violation.has_value());
  CHECK(decision.steps.empty());
  for (const DecisionPoint& point : decision.points) CHECK(point.broke == 40);
}

void shaped(Simulation& sim) {
  auto& outcome = sim.keep<Outcome>();
  outcome.heads = sim.random().stream("shape").chance(1, 2);
  sim.add_node(sim.add_host("n1"), "n1", [](Env& env) { return idles(env); });
  sim.never("of that shape", [&sim, &outcome] {
    return outcome.heads && sim.world().now() >= TimePoint(seconds(3));
  });
  auto& ticker = sim.keep<Ticker>();  // so that somebody runs then
  sim.add_client("c1", [&ticker](Env& env) { return ticks(env, &ticker); });
}

TEST_CASE("what the seed draws of the world itself was decided before the start") {
  const Decision decision = decide(Toy(shaped, FaultSet::none(), seconds(20)));
  REQUIRE(decision.steps.size() == 1);
  CHECK_FALSE(decision.steps.front().before.at.has_value());
  CHECK(decision.steps.front().after.at == Duration(0));
}

// Another invariant breaks if it is tails.
void coin_of_two_sides(Simulation& sim) {
  auto& outcome = sim.keep<Outcome>();
  sim.add_node(sim.add_host("n1"), "n1", [&outcome](Env& env) { return tosses(env, &outcome); });
  sim.never("heads", [&outcome] { return outcome.broken; });
  auto& ticker = sim.keep<Ticker>();
  sim.add_client("c1", [&ticker](Env& env) { return ticks(env, &ticker); });
  sim.never("tails", [&ticker, &outcome] { return ticker.ticks > 110 && !outcome.heads; });
}

TEST_CASE("runs that break something else are counted apart") {
  const Decision decision = decide(Toy(coin_of_two_sides, FaultSet::none(), seconds(20)));
  for (const DecisionPoint& point : decision.points) {
    CHECK(point.broke + point.other == point.runs);
    if (point.at < seconds(7)) CHECK(point.other > 0);
  }
}

TEST_CASE("a decision is the same for any number of jobs") {
  const Toy toy(lossy, FaultSet::all(), seconds(20));
  DecisionOptions options = few();
  options.jobs = 1;
  const Decision one = decide(toy, options);
  CHECK_FALSE(one.points.empty());
  for (const unsigned jobs : {2U, 5U}) {
    options.jobs = jobs;
    const Decision many = decide(toy, options);
    CHECK(many.points == one.points);
    CHECK(many.steps == one.steps);
  }
}

TEST_CASE("of a seed that holds nothing was decided") {
  const Toy toy([](Simulation& sim) { add_ticker(sim); });
  const Decision decision = sim::find_decision(toy.world, toy.scenario, 1, few());
  CHECK_FALSE(decision.run.violation.has_value());
  CHECK(decision.points.empty());
}

TEST_CASE("a decision that is out of time says so and tells what it knows") {
  const Toy toy(coin, FaultSet::none(), seconds(20));
  DecisionOptions options = few();
  options.time_budget = Duration(1);
  CHECK(decide(toy, options).end == sim::CampaignEnd::time_budget);
  std::atomic<bool> interrupted{true};
  options.interrupted = &interrupted;
  const Decision decision = decide(toy, options);
  CHECK(decision.end == sim::CampaignEnd::interrupted);
  CHECK(decision.points.empty());
}

TEST_CASE("what a continuation throws comes out") {
  const Toy toy(
      [](Simulation& sim) {
        if (sim.world().seed() != 1) throw std::runtime_error("only seed 1, please");
        sim.add_node(sim.add_host("n1"), "n1", [](Env& env) { return idles(env); });
        sim.never("ever", [] { return true; });
      },
      FaultSet::none());
  CHECK_THROWS_AS(sim::find_decision(toy.world, toy.scenario, 1, few()), std::runtime_error);
}

TEST_CASE("Wilson's bounds are those of the tables") {
  CHECK(sim::wilson_bounds(0, 0).low_ppm == 0);
  CHECK(sim::wilson_bounds(0, 0).high_ppm == 1'000'000);
  // R: binom::binom.wilson(x, n)
  const auto near = [](std::uint32_t ppm, std::uint32_t expected) {
    return ppm + 100 > expected && ppm < expected + 100;
  };
  CHECK(near(sim::wilson_bounds(0, 50).high_ppm, 71'348));
  CHECK(near(sim::wilson_bounds(50, 50).low_ppm, 928'652));
  CHECK(near(sim::wilson_bounds(25, 50).low_ppm, 366'445));
  CHECK(near(sim::wilson_bounds(25, 50).high_ppm, 633'555));
  CHECK(near(sim::wilson_bounds(3, 10).low_ppm, 107'791));
  CHECK(near(sim::wilson_bounds(3, 10).high_ppm, 603'222));
}

}  // namespace
}  // namespace piccolo::test
