// shrink: the little of a failing seed that still fails.

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "command_line.hpp"
#include "commands.hpp"
#include "interruption.hpp"
#include "piccolo/sim/shrink.hpp"
#include "report.hpp"
#include "repro_run.hpp"
#include "seed_flags.hpp"
#include "shrink_progress.hpp"
#include "whole_file.hpp"

namespace piccolo::sim {
namespace {

struct ShrinkFlags : WorldFlags {
  std::string seed;
  std::optional<std::string> output;
  std::string time_budget = "60s";
  std::string jobs = "0";
  bool emit_test = false;
};

void tell(std::string_view text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

std::string_view end_text(ShrinkEnd end) {
  switch (end) {
    case ShrinkEnd::smallest:
      return "nothing simpler breaks it";
    case ShrinkEnd::runs_max:
      return "cut short by the limit of runs";
    case ShrinkEnd::time_budget:
      return "cut short: the time was over";
    case ShrinkEnd::interrupted:
      return "cut short by an interruption";
  }
  return {};
}

std::string summary(const ShrinkResult& result) {
  const auto row = [](std::string_view what, const std::string& before, const std::string& after) {
    return fmt::format("  {:<10} {:>12} {:>12}\n", what, before, after);
  };
  const ShrinkSize& before = result.before;
  const ShrinkSize& after = result.after;
  const auto milliseconds = result.wall_time / std::chrono::milliseconds(1);
  return row("", "before", "after") + row("faults", grouped(before.faults), grouped(after.faults)) +
         row("hosts", grouped(before.hosts), grouped(after.hosts)) +
         row("duration", format_duration(before.duration), format_duration(after.duration)) +
         row("events", grouped(before.events), grouped(after.events)) +
         fmt::format("{} runs in {}.{} s; {}\n", grouped(result.runs), milliseconds / 1000,
                     milliseconds % 1000 / 100, end_text(result.end)) +
         (result.others == 0 ? ""
                             : fmt::format("it breaks with {} of {} other seeds\n",
                                           result.others_broken, result.others));
}

int shrink_seed(const std::string& called, ShrinkFlags flags,
                std::span<const WorldDescription> worlds) {
  const std::uint64_t seed = seed_or_repro(flags.seed, flags, worlds);
  ShrinkOptions options;
  options.jobs = parse_jobs(flags.jobs);
  options.time_budget = parse_budget("--time-budget", flags.time_budget);
  const ChosenWorld chosen = choose_world(flags, worlds);
  if (flags.output) check_writable("-o", *flags.output);
  const Interruption interruption;
  options.interrupted = &interruption.flag();
  const auto result = [&] {
    ShrinkProgressLine line;
    options.progress = [&line](const ShrinkProgress& progress) { line.show(progress); };
    return shrink(*chosen.world, chosen.scenario, seed, options);
  }();
  if (!result) throw UsageError(one_line(result.error()));
  tell(summary(*result));
  const std::string text = flags.emit_test ? repro_test_case(*result, chosen.world->name, called)
                                           : repro_toml(*result, chosen.world->name, called,
                                                        flags.output.value_or("repro.toml"));
  if (flags.output) {
    write_whole_file("-o", *flags.output, text);
  } else {
    print(text);
  }
  return exit_held;
}

}  // namespace

void add_shrink_command(CLI::App& app, int& exit_code, const Application& program,
                        const std::string& called) {
  CLI::App* const command = app.add_subcommand(
      "shrink", "Find the little of a failing seed that still fails, and write it as a scenario");
  const auto flags = std::make_shared<ShrinkFlags>();
  command
      ->add_option("SEED", flags->seed,
                   "The seed, with the options of the world it ran in; or a repro's file")
      ->type_name("")
      ->required();
  command->add_option("-o,--output", flags->output, "Where the result goes")
      ->type_name("FILE")
      ->default_str("standard output");
  command
      ->add_option("--time-budget", flags->time_budget,
                   "Real time after which the best so far is the result")
      ->type_name("TIME")
      ->default_str(flags->time_budget);
  command->add_option("--jobs", flags->jobs, "Threads; 0: as many as there are processors")
      ->type_name("N")
      ->default_str(flags->jobs);
  command->add_flag("--emit-test", flags->emit_test,
                    "Write a test case for Catch2 instead of a scenario");
  add_world_flags(*command, *flags, program.worlds);
  command->callback([flags, &program, called, &exit_code] {
    exit_code = shrink_seed(called, *flags, program.worlds);
  });
}

}  // namespace piccolo::sim
