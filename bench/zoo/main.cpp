// The zoo's bugs: how many seeds, and how much CPU, until each is found, by the order of ready
// tasks and with swarms of faults or without. Medians over several places to begin.
//
//   ./dev bench zoo [--policies fifo,random] [--bases 5] [--most 2000] [SPECIMEN...]

#include <fmt/format.h>
#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "piccolo/sim/run_world.hpp"
#include "zoo.hpp"

namespace piccolo::zoo {
namespace {

constexpr std::uint64_t base_distance = 1'000'000;

struct Options {
  std::vector<std::string> specimens;  // the beginnings of their names; all if empty
  std::vector<std::string> policies{"fifo", "random", "pct(2)", "pct(3)", "pct(5)", "mixed"};
  std::uint64_t bases = 5;
  std::uint64_t most = 2000;  // seeds from each base
};

struct Search {
  bool found = false;
  std::uint64_t seeds = 0;
  double cpu_seconds = 0;
};

double cpu_seconds() {
  timespec time{};
  static_cast<void>(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time));
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Search search(const sim::WorldDescription& world, const sim::Scenario& scenario, std::uint64_t base,
              std::uint64_t most) {
  Search result;
  const double start = cpu_seconds();
  while (result.seeds < most && !result.found) {
    ++result.seeds;
    result.found = sim::run_world(world, scenario, base + result.seeds).violation.has_value();
  }
  result.cpu_seconds = cpu_seconds() - start;
  return result;
}

sim::Scenario scenario_of(const sim::WorldDescription& world, const std::string& policy,
                          bool swarm) {
  sim::Scenario scenario(world);
  if (policy != "mixed") scenario.order = parse_ready_order(policy).value();
  scenario.profile.swarm = swarm;
  return scenario;
}

// The median in the order of seeds; a search in vain counts as the longest.
Search median(std::vector<Search> searches) {
  std::ranges::sort(searches, {},
                    [](const Search& search) { return std::pair(!search.found, search.seeds); });
  Search middle = searches[searches.size() / 2];
  std::vector<double> times;
  for (const Search& search : searches) times.push_back(search.cpu_seconds);
  std::ranges::sort(times);
  middle.cpu_seconds = times[times.size() / 2];
  return middle;
}

struct Total {
  double log_seeds = 0;
  double cpu_seconds = 0;
  int missed = 0;
};

void print_heading(const Options& options) {
  fmt::print("{:<32}", "median seeds / CPU ms");
  for (const std::string& policy : options.policies) fmt::print(" {:>18}", policy);
  fmt::print("\n");
}

bool wanted(const Options& options, const std::string& name) {
  const auto begins = [&name](const std::string& prefix) { return name.starts_with(prefix); };
  return options.specimens.empty() || std::ranges::any_of(options.specimens, begins);
}

Search try_specimen(const Options& options, const Specimen& specimen, const std::string& policy,
                    bool swarm) {
  const sim::Scenario scenario = scenario_of(specimen.broken, policy, swarm);
  std::vector<Search> searches;
  for (std::uint64_t base = 0; base < options.bases; ++base) {
    searches.push_back(search(specimen.broken, scenario, base * base_distance, options.most));
  }
  return median(std::move(searches));
}

void add(Total& total, const Search& found) {
  total.log_seeds += std::log(static_cast<double>(found.seeds));
  total.cpu_seconds += found.cpu_seconds;
  if (!found.found) ++total.missed;
}

void run_table(const Options& options, bool swarm) {
  fmt::print("\nswarm {}: each seed {}\n", swarm ? "on" : "off",
             swarm ? "draws a subset of the kinds of faults, and strengths"
                   : "has every kind of fault, at medium strength");
  print_heading(options);
  std::vector<Total> totals(options.policies.size());
  int rows = 0;
  for (const Specimen& specimen : all_specimens()) {
    if (!wanted(options, specimen.broken.name)) continue;
    ++rows;
    fmt::print("{:<32}", specimen.broken.name);
    for (std::size_t index = 0; index < options.policies.size(); ++index) {
      const Search found = try_specimen(options, specimen, options.policies[index], swarm);
      add(totals[index], found);
      fmt::print(" {:>7}{} / {:>8.1f}", found.seeds, found.found ? ' ' : '+',
                 found.cpu_seconds * 1000);
      static_cast<void>(std::fflush(stdout));
    }
    fmt::print("\n");
  }
  fmt::print("{:<32}", "geometric mean / sum");
  for (const Total& total : totals) {
    fmt::print(" {:>8.1f} / {:>8.1f}", std::exp(total.log_seeds / std::max(rows, 1)),
               total.cpu_seconds * 1000);
  }
  fmt::print("\n{:<32}", "not found");
  for (const Total& total : totals) fmt::print(" {:>19}", total.missed);
  fmt::print("\n");
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app("How soon the zoo's bugs are found", "zoo_bench");
  app.add_option("SPECIMEN", options.specimens, "Beginnings of names; all unless given");
  app.add_option("--policies", options.policies, "Orders of ready tasks")->delimiter(',');
  app.add_option("--bases", options.bases, "Places to begin")->check(CLI::Range(1, 1000));
  app.add_option("--most", options.most, "Seeds to try from each")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  for (const std::string& policy : options.policies) {
    if (policy == "mixed" || parse_ready_order(policy)) continue;
    fmt::print(stderr, "zoo_bench: --policies: `{}` is none; give fifo, random, pct(3) or mixed\n",
               policy);
    return 2;
  }
  fmt::print("medians over {} bases of {} seeds at most; + means not found\n", options.bases,
             options.most);
  for (const bool swarm : {true, false}) run_table(options, swarm);
  return 0;
}

}  // namespace
}  // namespace piccolo::zoo

int main(int argc, char** argv) { return piccolo::zoo::run(argc, argv); }
