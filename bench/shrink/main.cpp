// How small the zoo's failing seeds become: faults, hosts, runs and seconds, for each specimen the
// first seed that fails.
//
//   ./dev bench shrink [--jobs 2] [--seconds 60] [--repros FOLDER] [SPECIMEN...]

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "piccolo/sim/run_world.hpp"
#include "piccolo/sim/shrink.hpp"
#include "zoo.hpp"

namespace piccolo::zoo {
namespace {

struct Options {
  std::vector<std::string> specimens;  // the beginnings of their names; all if empty
  unsigned jobs = 2;
  unsigned seconds = 60;
  std::string repros;  // a folder, if they are to be kept
};

// Some bugs are rare.
constexpr std::uint64_t most_seeds = 2000;

std::optional<std::uint64_t> first_failing_seed(const Specimen& specimen) {
  const sim::Scenario scenario(specimen.broken);
  for (std::uint64_t seed = 1; seed <= most_seeds; ++seed) {
    const auto run = sim::run_world(specimen.broken, scenario, seed);
    if (run.violation && run.violation->invariant == specimen.invariant) return seed;
  }
  return std::nullopt;
}

bool wanted(const Options& options, const std::string& name) {
  const auto begins = [&name](const std::string& prefix) { return name.starts_with(prefix); };
  return options.specimens.empty() || std::ranges::any_of(options.specimens, begins);
}

double seconds(Duration time) { return static_cast<double>(time.count()) * 1e-9; }

double percent(const sim::ShrinkResult& result) {
  const auto before = static_cast<double>(std::max<std::size_t>(result.before.faults, 1));
  return 100 * static_cast<double>(result.after.faults) / before;
}

void print_row(const std::string& name, std::uint64_t seed, const sim::ShrinkResult& result) {
  const auto& [before, after] = std::pair(result.before, result.after);
  fmt::print("{:<30} {:>5} {:>5} {:>4} {:>5.1f} {:>4} {:>3} {:>8} {:>6} {:>6} {:>6.1f} {:>3}{}\n",
             name, seed, before.faults, after.faults, percent(result), before.hosts, after.hosts,
             format_duration(before.duration), format_duration(after.duration), result.runs,
             seconds(result.wall_time), result.others_broken,
             result.end == sim::ShrinkEnd::smallest ? "" : " cut short");
  static_cast<void>(std::fflush(stdout));
}

template <class Value>
Value median(std::vector<Value> values) {
  std::ranges::sort(values);
  return values.empty() ? Value() : values[values.size() / 2];
}

void keep(const Options& options, const Specimen& specimen, const sim::ShrinkResult& result) {
  if (options.repros.empty()) return;
  const std::string& world = specimen.broken.name;
  std::ofstream(options.repros + "/" + world + ".toml")
      << sim::repro_toml(result, world, "zoo", world + ".toml");
}

void run_table(const Options& options) {
  fmt::print("{:<30} {:>5} {:>5} {:>4} {:>5} {:>4} {:>3} {:>8} {:>6} {:>6} {:>6} {:>3}\n",
             "specimen", "seed", "of", "to", "%", "of", "to", "of", "to", "runs", "s", "/20");
  std::vector<double> shares;
  std::vector<double> times;
  for (const Specimen& specimen : all_specimens()) {
    if (!wanted(options, specimen.broken.name)) continue;
    const auto seed = first_failing_seed(specimen);
    if (!seed) {
      fmt::print("{:<30} no seed of {} fails\n", specimen.broken.name, most_seeds);
      continue;
    }
    sim::ShrinkOptions shrinking;
    shrinking.jobs = options.jobs;
    shrinking.time_budget = std::chrono::seconds(options.seconds);
    const auto result =
        sim::shrink(specimen.broken, sim::Scenario(specimen.broken), *seed, shrinking);
    if (!result) {
      fmt::print("{:<30} {}\n", specimen.broken.name, result.error());
      continue;
    }
    print_row(specimen.broken.name, *seed, *result);
    keep(options, specimen, *result);
    shares.push_back(percent(*result));
    times.push_back(seconds(result->wall_time));
  }
  fmt::print("medians: {:.1f} % of the faults, {:.1f} s\n", median(shares), median(times));
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app("How small the zoo's failing seeds become", "shrink_bench");
  app.add_option("SPECIMEN", options.specimens, "Beginnings of names; all unless given");
  app.add_option("--jobs", options.jobs, "Threads")->check(CLI::Range(1, 1024));
  app.add_option("--seconds", options.seconds, "For each")->check(CLI::PositiveNumber);
  app.add_option("--repros", options.repros, "A folder to keep the repros in");
  CLI11_PARSE(app, argc, argv);
  run_table(options);
  return 0;
}

}  // namespace
}  // namespace piccolo::zoo

int main(int argc, char** argv) { return piccolo::zoo::run(argc, argv); }
