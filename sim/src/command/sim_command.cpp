// sim: many seeds for a verdict, one seed for its story.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include "campaign_log.hpp"
#include "command_line.hpp"
#include "commands.hpp"
#include "interruption.hpp"
#include "progress.hpp"
#include "seed_flags.hpp"
#include "single_run.hpp"
#include "whole_file.hpp"

namespace piccolo::sim {
namespace {

constexpr std::uint64_t failures_max_default = 10;

struct SimFlags : SingleRunFlags {
  std::string seed;
  std::string seeds = "1..100";
  std::optional<std::string> seed_from;
  std::string jobs = "0";
  std::optional<std::string> shard;
  std::optional<std::string> time_budget;
  std::optional<std::string> failures_max;
  bool keep_going = false;
  std::string check = "1%";
  std::string patience = "60s";
  bool isolate = false;
  bool strict = false;
  std::optional<std::string> jsonl;
  std::optional<std::string> junit;
};

SeedRange seeds_of(const SimFlags& flags) {
  const SeedRange seeds = parse_seeds(flags.seeds);
  return flags.seed_from ? seeds_from_commit(*flags.seed_from, seeds) : seeds;
}

// Shards are merged, and of a part of the failures nothing could be told about the whole.
std::uint64_t failures_max_of(const SimFlags& flags, const Shard& shard) {
  if (flags.failures_max) return parse_failures_max(*flags.failures_max);
  return flags.keep_going || shard.count > 1 ? 0 : failures_max_default;
}

CampaignOptions campaign_of(const SimFlags& flags) {
  CampaignOptions options;
  options.seeds = seeds_of(flags);
  const ChosenShard chosen = choose_shard(flags.shard);
  options.shard = chosen.shard;
  if (chosen.shard.count > 1) {
    const std::string line = fmt::format("shard {} of {} ({})\n", chosen.shard.index + 1,
                                         chosen.shard.count, chosen.origin);
    static_cast<void>(std::fputs(line.c_str(), stderr));
  }
  options.jobs = parse_jobs(flags.jobs);
  options.failures_max = failures_max_of(flags, options.shard);
  if (flags.time_budget) options.time_budget = parse_budget("--time-budget", *flags.time_budget);
  options.check_ppm = parse_check_share(flags.check);
  options.isolate = flags.isolate;
  if (flags.patience != "none") {
    options.seed_patience = parse_budget("--seed-patience", flags.patience);
  } else {
    options.seed_patience = Duration(0);
  }
  return options;
}

[[noreturn]] void leave(int exit_code) {
  const bool delivered = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  std::_Exit(delivered ? exit_code : exit_internal);
}

int run_many(const std::string& called, const SimFlags& flags, const Application& program) {
  const ChosenWorld chosen = choose_world(flags, program.worlds);
  CampaignOptions options = campaign_of(flags);
  // A campaign tells no story, but a wrong level is still wrong.
  static_cast<void>(narration_options(flags.story, chosen, options.seeds.first));
  Report report;
  report.head = head_of(called, chosen, options.seeds, flags.strict);
  report.head.shard = options.shard;
  check_report(flags);
  FoundFailures found(report.head);
  std::optional<CampaignLog> log;
  if (flags.jsonl) log.emplace(*flags.jsonl, report.head);
  if (flags.junit) check_writable("--junit", *flags.junit);
  {
    const Interruption interruption;
    Progress progress;
    options.interrupted = &interruption.flag();
    options.progress = [&progress](const CampaignProgress& now) { progress.show(now); };
    options.failed = [&log, &found, &flags](const RunResult& run) {
      if (flags.report) found.add(run);
      if (log) log->failed(run);
    };
    report.result = run_campaign(*chosen.world, chosen.scenario, options);
  }
  if (log) log->finished(report.result);
  if (flags.junit) write_whole_file("--junit", *flags.junit, junit_report(report));
  print(flags.json ? json_report(report) : text_report(report));
  found.write_page(flags, report);
  // Threads that do not end use what the end of this function would destroy.
  if (report.result.threads_left) leave(exit_code_of(report));
  return exit_code_of(report);
}

void add_seed_flags(CLI::App& command, SimFlags& flags) {
  auto* const seed = command.add_option("--seed", flags.seed, "One run, told in virtual time")
                         ->type_name("N")
                         ->default_str("none");
  auto* const seeds =
      command.add_option("--seeds", flags.seeds, "A campaign over the seeds A to B, both included")
          ->type_name("A..B")
          ->default_str(flags.seeds)
          ->excludes(seed);
  static_cast<void>(seeds);
  command
      .add_option(
          "--seed-from", flags.seed_from,
          "Moves the seeds to where those of a commit begin, so that each commit has its own")
      ->type_name("COMMIT")
      ->default_str("none")
      ->excludes(seed);
}

void add_campaign_flags(CLI::App& command, SimFlags& flags) {
  const auto add = [&command](const char* name, auto& value, const char* what, const char* type,
                              const std::string& otherwise) {
    return command.add_option(name, value, what)->type_name(type)->default_str(otherwise);
  };
  add("--jobs", flags.jobs, "Runs at a time, 0 for as many as there are processors", "N", "0");
  add("--shard", flags.shard,
      "The part I of N of the seeds, counted from 1; or none, whatever the environment says", "I/N",
      "as Slurm, Bazel, GoogleTest, Kubernetes or GitLab say");
  add("--time-budget", flags.time_budget, "Real time after which no more seeds are begun", "TIME",
      "none");
  auto* const most = add("--max-failures", flags.failures_max,
                         "Ends with the seed that is the so-manyth to fail", "N", "10");
  command
      .add_flag("--keep-going", flags.keep_going, "Runs all seeds however many fail, as shards do")
      ->excludes(most);
  add("--seed-patience", flags.patience,
      "Real time for one run, after which it hangs; or none, for ever", "TIME", flags.patience);
  command.add_flag("--isolate", flags.isolate,
                   "Runs in worker processes: a run that crashes or hangs ends alone");
  add("--check", flags.check,
      "How many seeds are run twice and compared: none, all, or a percentage", "SHARE",
      flags.check);
  add("--jsonl", flags.jsonl, "Writes each failure as it comes, and a summary, as JSON Lines",
      "FILE", "none");
  add("--junit", flags.junit, "Writes the verdict as JUnit XML", "FILE", "none");
  command.add_flag("--strict", flags.strict,
                   "Exit with 6 when a kind of fault never bit, or a `sometimes` never was");
}

}  // namespace

void add_sim_command(CLI::App& app, int& exit_code, const Application& program,
                     const std::string& called) {
  CLI::App* const command = app.add_subcommand(
      "sim", "Run simulated worlds: many seeds for a verdict, one seed for its story");
  const auto flags = std::make_shared<SimFlags>();
  add_seed_flags(*command, *flags);
  add_campaign_flags(*command, *flags);
  add_world_flags(*command, *flags, program.worlds);
  add_log_level_flag(*command, flags->story);
  add_output_flags(*command, *flags);
  command->callback([flags, command, &program, called, &exit_code] {
    if (command->count("--seed") == 0) {
      exit_code = run_many(called, *flags, program);
      return;
    }
    static_cast<void>(campaign_of(*flags));
    exit_code = run_single(called, *flags, program.worlds, parse_seed("--seed", flags->seed),
                           flags->strict);
  });
}

}  // namespace piccolo::sim
