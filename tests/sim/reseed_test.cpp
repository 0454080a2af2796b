// Runs that go on with another seed: their faults, their heal, and that all before is as it was.

#include <map>

#include "piccolo/sim/cluster.hpp"
#include "property.hpp"
#include "toy.hpp"

namespace piccolo::test {
namespace {

using sim::Reseed;

// What of the run there was before a moment.
struct Seen {
  std::uint64_t hash = 0;  // of the trace just before
  std::vector<std::string> before;
  std::vector<std::string> after;
  std::uint64_t final_hash = 0;
};

Seen run_cluster(std::uint64_t seed, Duration moment, const std::optional<Reseed>& reseed) {
  Seen seen;
  sim::WorldDescription world = sim::cluster_world();
  world.duration = seconds(8);
  world.build = [&seen, moment, build = world.build](Simulation& sim) {
    build(sim);
    sim.world().at(TimePoint(moment) - Duration(1),
                   [&seen, &of = sim.world()] { seen.hash = of.trace().hash(); });
  };
  Narrator story(
      [&seen](std::string_view line) {
        (seen.hash == 0 ? seen.before : seen.after).emplace_back(line);
      },
      LogLevel::trace);
  seen.final_hash = sim::run_world(world, sim::Scenario(world), seed, &story, reseed).trace_hash;
  return seen;
}

TEST_CASE("all before the moment is bit for bit as if the run were not reseeded there") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    // In the phase of faults, and in that after them.
    for (const Duration moment :
         {Duration(milliseconds(1)), Duration(milliseconds(3700)), Duration(milliseconds(8050))}) {
      const Seen as_it_was = run_cluster(seed, moment, std::nullopt);
      const Seen other = run_cluster(seed, moment, Reseed{moment, 1000 + seed});
      REQUIRE(as_it_was.hash != 0);
      CHECK(other.hash == as_it_was.hash);
      CHECK(other.before == as_it_was.before);
      CHECK(other.final_hash != as_it_was.final_hash);
    }
  }
}

TEST_CASE("a reseeded run is the same each time, and another one for another seed") {
  const Duration moment = seconds(2);
  const Seen once = run_cluster(3, moment, Reseed{moment, 5});
  CHECK(run_cluster(3, moment, Reseed{moment, 5}).final_hash == once.final_hash);
  CHECK(run_cluster(3, moment, Reseed{moment, 6}).final_hash != once.final_hash);
}

std::vector<std::string> faults_of(const Toy& toy, std::uint64_t seed,
                                   const std::optional<Reseed>& reseed) {
  std::vector<std::string> faults;
  Narrator story(
      [&faults](std::string_view line) {
        if (line.find("fault: ") != std::string_view::npos) faults.emplace_back(line);
      },
      LogLevel::info);
  sim::run_world(toy.world, toy.scenario, seed, &story, reseed);
  return faults;
}

Toy three_idle(const FaultSet& faults) {
  return Toy(
      [](Simulation& sim) {
        for (const char* const name : {"n1", "n2", "n3"}) {
          sim.add_node(sim.add_host(name), name, [](Env& env) { return idles(env); });
        }
      },
      faults, seconds(20));
}

TEST_CASE("faults that have begun stay, the others are those of the other seed") {
  const Toy toy = three_idle(FaultSet::all());
  const Duration moment = seconds(9);
  int different = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto plain = faults_of(toy, seed, std::nullopt);
    const auto other = faults_of(toy, seed, Reseed{moment, 77});
    const auto early = [moment](const std::string& line) {
      return std::stod(line) * 1e9 < static_cast<double>(moment.count());
    };
    std::vector<std::string> plain_early;
    std::vector<std::string> other_early;
    std::copy_if(plain.begin(), plain.end(), std::back_inserter(plain_early), early);
    std::copy_if(other.begin(), other.end(), std::back_inserter(other_early), early);
    CHECK(plain_early == other_early);
    if (plain != other) ++different;
    // What begins ends, in both parts; each line that begins has at most one that ends.
    std::map<std::string, int> open;
    for (const std::string& line : other) {
      const std::string text = line.substr(line.find("fault: ") + 7);
      open[text.starts_with("over: ") ? text.substr(6) : text] +=
          text.starts_with("over: ") ? -1 : 1;
    }
    for (const auto& [text, count] : open) {
      const bool lasts = text.find(" for ") != std::string::npos;
      CHECK((count == 0 || !lasts));
    }
  }
  CHECK(different > 15);
}

TEST_CASE("listed faults stay in a reseeded run") {
  Toy toy = three_idle(FaultSet::none());
  toy.scenario.listed = {
      {"1", "2s isolate n1 for 3s"}, {"2", "4s cut n2 -> n3 for 8s"}, {"3", "9s pause n2 for 1s"}};
  CHECK(faults_of(toy, 1, Reseed{seconds(5), 9}) == faults_of(toy, 1, std::nullopt));
  CHECK(faults_of(toy, 1, std::nullopt).size() == 6);
}

TEST_CASE("a run that is reseeded behind its end is as it was") {
  const Toy toy = three_idle(FaultSet::all());
  const auto plain = toy.run(4);
  const auto late = sim::run_world(toy.world, toy.scenario, 4, nullptr,
                                   Reseed{plain.totals.virtual_time + seconds(1), 9});
  CHECK(late.trace_hash == plain.trace_hash);
}

// Which host is healed is drawn when all are.
TEST_CASE("a reseeded run draws its core by the other seed") {
  const Toy toy(
      [](Simulation& sim) {
        for (const char* const name : {"n1", "n2", "n3"}) {
          sim.add_node(sim.add_host(name), name, [](Env& env) { return idles(env); });
        }
        sim.core_of(1);
      },
      FaultSet::all(), seconds(20));
  const auto heal = [&toy](const std::optional<Reseed>& reseed) {
    std::string text;
    Narrator story(
        [&text](std::string_view line) {
          if (line.find("healed") != std::string_view::npos) text = line;
        },
        LogLevel::info);
    sim::run_world(toy.world, toy.scenario, 1, &story, reseed);
    return text;
  };
  int different = 0;
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    if (heal(Reseed{seconds(19), seed}) != heal(std::nullopt)) ++different;
    CHECK(heal(Reseed{seconds(21), seed}) == heal(std::nullopt));
  }
  CHECK(different > 10);
}

}  // namespace
}  // namespace piccolo::test
