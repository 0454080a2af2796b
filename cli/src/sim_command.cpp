// piccolo sim and piccolo replay: clusters in a simulated world.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>

#include "command_line.hpp"
#include "commands.hpp"
#include "piccolo/sim/narrator.hpp"
#include "progress.hpp"
#include "report.hpp"
#include "world_flags.hpp"

namespace piccolo::cli {
namespace {

void print(const std::string& text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stdout));
}

int finish(const Report& report, bool json) {
  print(json ? json_report(report) : text_report(report));
  return exit_code_of(report);
}

// One run, with its story unless JSON was asked for.
int run_single(const std::string& program, const WorldFlags& flags, std::uint64_t seed,
               bool strict) {
  Report report;
  report.strict = strict;
  report.program = program;
  report.world = world_of(flags);
  report.seeds = SeedRange{seed, seed};
  report.single = true;
  Narrator narrator([](std::string_view line) { print(std::string(line) + "\n"); },
                    story_level(flags));
  const auto start = std::chrono::steady_clock::now();
  const RunResult run = run_cluster(report.world, seed, flags.json ? nullptr : &narrator);
  report.result.wall_time = std::chrono::steady_clock::now() - start;
  report.result.seeds = 1;
  report.result.counts = run.counts;
  report.trace_hash = run.trace_hash;
  if (run.violation) {
    report.result.violated = 1;
    report.result.violations.push_back(run);
  }
  return finish(report, flags.json);
}

int run_sweep(const std::string& program, const WorldFlags& flags, const SeedRange& seeds,
              unsigned jobs, bool strict) {
  Report report;
  report.strict = strict;
  report.program = program;
  report.world = world_of(flags);
  report.seeds = seeds;
  static_cast<void>(story_level(flags));  // a sweep tells none, but a wrong level is still wrong
  {
    Progress progress;
    SweepOptions options;
    options.jobs = jobs;
    options.progress = [&progress](const SweepProgress& now) { progress.show(now); };
    report.result = sweep(report.world, seeds, options);
  }
  return finish(report, flags.json);
}

struct SimFlags : WorldFlags {
  std::string seed;
  std::string seeds = "1..100";
  std::string jobs = "0";
  bool strict = false;
};

}  // namespace

void add_sim_command(CLI::App& app, int& exit_code, const std::string& program) {
  CLI::App* const command = app.add_subcommand(
      "sim", "Run simulated clusters: many seeds for a verdict, one seed for its story");
  const auto flags = std::make_shared<SimFlags>();
  auto* const seed = command->add_option("--seed", flags->seed, "One run, told in virtual time")
                         ->type_name("N")
                         ->default_str("none");
  command->add_option("--seeds", flags->seeds, "A sweep over the seeds A to B, both included")
      ->type_name("A..B")
      ->default_str(flags->seeds)
      ->excludes(seed);
  command->add_option("--jobs", flags->jobs, "Threads of a sweep, 0 for all processors")
      ->type_name("N")
      ->default_str(flags->jobs);
  command->add_flag("--strict", flags->strict,
                    "Exit with 6 when a kind of fault was enabled and never bit");
  add_world_flags(*command, *flags);
  command->callback([flags, seed, program, &exit_code] {
    const unsigned jobs = parse_jobs(flags->jobs);
    exit_code = seed->count() > 0
                    ? run_single(program, *flags, parse_seed("--seed", flags->seed), flags->strict)
                    : run_sweep(program, *flags, parse_seeds(flags->seeds), jobs, flags->strict);
  });
}

void add_replay_command(CLI::App& app, int& exit_code, const std::string& program) {
  CLI::App* const command = app.add_subcommand(
      "replay", "Run one seed again: the same story and the same trace hash, every time");
  struct ReplayFlags : WorldFlags {
    std::string seed;
  };
  const auto flags = std::make_shared<ReplayFlags>();
  command->add_option("SEED", flags->seed, "The seed, with the options of the world it ran in")
      ->type_name("")
      ->required();
  add_world_flags(*command, *flags);
  command->callback([flags, program, &exit_code] {
    exit_code = run_single(program, *flags, parse_seed("SEED", flags->seed), false);
  });
}

}  // namespace piccolo::cli
