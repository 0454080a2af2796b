// Probes: which sites are on in a run, when those fire, and what that depends on.

#include <fmt/format.h>

#include "lab.hpp"

namespace piccolo::test {
namespace {

WorldOptions probing() {
  WorldOptions options;
  options.buggify_ppm = 250'000;
  return options;
}

// What a process asks, and how it is answered: "10010".
struct Asking {
  std::vector<std::string> sites{"site"};
  int times = 40;
  std::uint32_t ppm = Probes::fires_ppm;
  bool logs = false;
};

Task<void> asks(Env& env, Asking asking, std::map<std::string, std::string>* answers) {
  for (int time = 0; time < asking.times; ++time) {
    for (const std::string& site : asking.sites) {
      (*answers)[site] += env.probes.buggify(site, asking.ppm) ? '1' : '0';
      if (asking.logs) env.log.info("asked {}", site);
    }
    co_await env.clock.sleep_for(milliseconds(1));
  }
}

using Answers = std::map<std::string, std::string>;

// The answers that the first process gets.
Answers answers(std::uint64_t seed, const Asking& asking, bool with_others = false) {
  WorldOptions options = probing();
  if (asking.logs) options.log_level = LogLevel::trace;
  Lab lab(options, seed);
  Answers first;
  Answers other;
  lab.run(lab.client, [&](Env& env) { return asks(env, asking, &first); });
  if (with_others) lab.run(lab.client, [&](Env& env) { return asks(env, asking, &other); });
  lab.finish();
  return first;
}

std::vector<std::string> many_sites() {
  std::vector<std::string> sites;
  for (int site = 0; site < 100; ++site) sites.push_back(fmt::format("site {}", site));
  return sites;
}

int ones(const std::string& text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '1'));
}

}  // namespace

TEST_CASE("a quarter of the sites are on in a run, and those fire a quarter of the times") {
  int on = 0;
  int fired = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Asking asking;
    asking.sites = many_sites();
    asking.times = 60;
    for (const auto& [site, text] : answers(seed, asking)) {
      on += ones(text) > 0 ? 1 : 0;
      fired += ones(text);
    }
  }
  // Of 4000, with a standard deviation of 27; each on one was asked 60 times.
  CHECK(on > 900);
  CHECK(on < 1100);
  CHECK(fired > on * 60 * 24 / 100);
  CHECK(fired < on * 60 * 26 / 100);
}

TEST_CASE("a site that always fires where it is on tells which runs have it on") {
  int on = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Asking asking;
    asking.ppm = 1'000'000;
    const int fired = ones(answers(seed, asking)["site"]);
    CHECK((fired == 0 || fired == asking.times));
    on += fired / asking.times;
    asking.ppm = 0;
    CHECK(ones(answers(seed, asking)["site"]) == 0);
  }
  CHECK(on > 30);
  CHECK(on < 70);
}

TEST_CASE("neither other sites, nor other processes, nor log lines move when a site fires") {
  int fired = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Asking alone;
    const std::string expected = answers(seed, alone)["site"];
    fired += ones(expected);
    Asking among_others;
    among_others.sites = {"a", "site", "z"};
    CHECK(answers(seed, among_others)["site"] == expected);
    CHECK(answers(seed, alone, true)["site"] == expected);
    Asking logging;
    logging.logs = true;
    CHECK(answers(seed, logging)["site"] == expected);
  }
  CHECK(fired > 50);
}

TEST_CASE("processes, and starts of one, share which sites are on, but not when they fire") {
  int differ = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Lab lab(probing(), seed);
    std::array<Answers, 3> got;
    std::size_t starts = 0;
    const auto ask = [&](Env& env) { return asks(env, Asking(), &got.at(starts++)); };
    const ProcessId process = lab.run(lab.client, ask);
    lab.run(lab.server, ask);
    lab.finish();
    lab.world.start(process);
    lab.finish();
    const bool on = ones(got[0]["site"]) > 0;
    CHECK((ones(got[1]["site"]) > 0) == on);
    CHECK((ones(got[2]["site"]) > 0) == on);
    if (!on) continue;
    ++differ;
    CHECK(got[0]["site"] != got[1]["site"]);
    CHECK(got[0]["site"] != got[2]["site"]);
  }
  CHECK(differ > 5);
}

namespace {

struct Told final : Observer {
  void buggified(ProcessId process, std::string_view site) override {
    lines.push_back(fmt::format("{} {}", process, site));
  }
  void reached(ProcessId process, std::string_view name) override {
    lines.push_back(fmt::format("{} reached {}", process, name));
  }
  Lines lines;
};

Task<void> does_nothing_of_it(Env& env, int* asked) {
  for (int time = 0; time < 20; ++time) {
    *asked += env.probes.buggify("ignored") ? 1 : 0;
    co_await env.clock.sleep_for(milliseconds(1));
  }
}

Task<void> never_asks(Env& env) {
  for (int time = 0; time < 20; ++time) co_await env.clock.sleep_for(milliseconds(1));
}

}  // namespace

TEST_CASE("what fires is counted, told, and one event of the trace, and nothing else changes") {
  int changed = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Lab plain(probing(), seed);
    plain.run(plain.client, [](Env& env) { return never_asks(env); });
    plain.finish();
    Told told;
    Lab lab(probing(), seed);
    lab.world.add_observer(told);
    int fired = 0;
    lab.run(lab.client, [&](Env& env) { return does_nothing_of_it(env, &fired); });
    lab.finish();
    CHECK(told.lines == Lines(static_cast<std::size_t>(fired), "0 ignored"));
    const ProbeCount count = lab.world.probe_counts().at("ignored");
    CHECK(count.passed == 20);
    CHECK(count.fired == static_cast<std::uint64_t>(fired));
    CHECK(lab.world.trace().count() == plain.world.trace().count() + count.fired);
    CHECK(lab.world.events() == plain.world.events());
    CHECK((lab.world.trace().hash() == plain.world.trace().hash()) == (fired == 0));
    changed += fired > 0 ? 1 : 0;
  }
  CHECK(changed > 12);
  CHECK(changed < 38);
}

TEST_CASE("no site fires unless the world says so, and none is counted") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Lab lab(WorldOptions(), seed);
    int fired = 0;
    lab.run(lab.client, [&](Env& env) { return does_nothing_of_it(env, &fired); });
    lab.finish();
    CHECK(fired == 0);
    CHECK(lab.world.probe_counts().empty());
  }
}

TEST_CASE("what a program reached is told, and is no event of the trace") {
  std::vector<std::uint64_t> hashes;
  for (const bool reaches : {false, true}) {
    Told told;
    Lab lab;
    lab.world.add_observer(told);
    lab.run(lab.client, [reaches](Env& env) {
      if (reaches) env.probes.sometimes("here");
      return never_asks(env);
    });
    lab.finish();
    CHECK(told.lines == (reaches ? Lines{"0 reached here"} : Lines()));
    hashes.push_back(lab.world.trace().hash());
  }
  CHECK(hashes[0] == hashes[1]);
}

TEST_CASE("probes that nobody listens to are inert") {
  const Probes probes;
  for (int time = 0; time < 100; ++time) CHECK_FALSE(probes.buggify("site", 1'000'000));
  probes.sometimes("nothing happens");
}

}  // namespace piccolo::test
