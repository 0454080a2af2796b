// when: since which moment of a run it was bound to break.

#include <fmt/format.h>

#include <memory>

#include "command_line.hpp"
#include "commands.hpp"
#include "interruption.hpp"
#include "piccolo/sim/decision.hpp"
#include "piccolo/sim/narrator.hpp"
#include "piccolo/sim/run_world.hpp"
#include "progress.hpp"
#include "seed_flags.hpp"
#include "single_run.hpp"
#include "when_report.hpp"

namespace piccolo::sim {
namespace {

constexpr unsigned most_points = 1000;
constexpr unsigned most_continuations = 100'000;

struct WhenFlags : WorldFlags {
  std::string seed;
  std::string points = "12";
  std::string continuations = "50";
  std::string jobs = "0";
  std::string time_budget = "60s";
  bool json = false;
};

std::uint32_t parse_count(std::string_view option, std::string_view text, unsigned low,
                          unsigned high) {
  if (const auto count = parse_number(text, low, high)) return *count;
  throw UsageError(fmt::format("{}: `{}` is no such number; give {}..{}", option, text, low, high));
}

DecisionOptions options_of(const WhenFlags& flags) {
  DecisionOptions options;
  options.points = parse_count("--points", flags.points, 2, most_points);
  options.continuations =
      parse_count("--continuations", flags.continuations, 1, most_continuations);
  options.jobs = parse_jobs(flags.jobs);
  if (flags.time_budget != "none") {
    options.time_budget = parse_budget("--time-budget", flags.time_budget);
  }
  return options;
}

// A line of the narrator begins with the time in seconds.
Duration time_of(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const auto time = parse_duration(std::string(line.substr(0, line.find(' '))) + "s");
  return time ? *time : Duration(0);
}

std::vector<StoryLine> story_of(const ChosenWorld& chosen, std::uint64_t seed) {
  std::vector<StoryLine> story;
  Narrator narrator(
      [&story](std::string_view line) { story.push_back({time_of(line), std::string(line)}); },
      LogLevel::debug);
  run_world(*chosen.world, chosen.scenario, seed, &narrator);
  return story;
}

Decision decide(const ChosenWorld& chosen, std::uint64_t seed, DecisionOptions options) {
  const Interruption interruption;
  Progress progress;
  options.interrupted = &interruption.flag();
  options.progress = [&progress](const CampaignProgress& now) { progress.show(now); };
  return find_decision(*chosen.world, chosen.scenario, seed, options);
}

int run_when(const std::string& called, const WhenFlags& flags, const Application& program) {
  const std::uint64_t seed = parse_seed("SEED", flags.seed);
  const DecisionOptions options = options_of(flags);
  const ChosenWorld chosen = choose_world(flags, program.worlds);
  WhenReport report;
  report.head = head_of(called, chosen, SeedRange{seed, seed}, false);
  report.decision = decide(chosen, seed, options);
  if (!report.decision.run.violation) {
    throw UsageError(
        fmt::format("SEED: seed {} holds, so nothing was decided; give one that breaks, which `{} "
                    "sim {}` finds",
                    seed, called, chosen.flags));
  }
  report.story = story_of(chosen, seed);
  print(flags.json ? json_of_when(report) : text_of_when(report));
  return exit_held;
}

void add_flags(CLI::App& command, WhenFlags& flags) {
  const auto add = [&command](const char* name, std::string& value, const char* what,
                              const char* type) {
    command.add_option(name, value, what)->type_name(type)->default_str(value);
  };
  add("--points", flags.points,
      "Moments of the run from which others go on, before it looks closer", "N");
  add("--continuations", flags.continuations, "Runs that go on from each of them with other draws",
      "N");
  add("--jobs", flags.jobs, "Runs at a time, 0 for as many as there are processors", "N");
  add("--time-budget", flags.time_budget,
      "Real time after which no more runs are begun; or none, for all", "TIME");
  command.add_flag("--json", flags.json, "Print one JSON object instead of prose");
}

}  // namespace

void add_when_command(CLI::App& app, int& exit_code, const Application& program,
                      const std::string& called) {
  CLI::App* const command = app.add_subcommand(
      "when", "When was it decided that a seed breaks? Goes on from moments of it by other draws");
  const auto flags = std::make_shared<WhenFlags>();
  command->add_option("SEED", flags->seed, "A seed that breaks, with the options of its world")
      ->type_name("")
      ->required();
  add_flags(*command, *flags);
  add_world_flags(*command, *flags, program.worlds);
  command->callback(
      [flags, &program, called, &exit_code] { exit_code = run_when(called, *flags, program); });
}

}  // namespace piccolo::sim
