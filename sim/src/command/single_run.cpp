#include "single_run.hpp"

#include <fmt/format.h>

#include "command_line.hpp"
#include "piccolo/sim/narrator.hpp"
#include "piccolo/sim/run_world.hpp"

namespace piccolo::sim {

void add_story_flags(CLI::App& command, SingleRunFlags& flags) {
  command
      .add_option("--log-level", flags.log_level,
                  "What a single run's story tells: trace, debug, info, warn, error or off")
      ->type_name("LEVEL")
      ->default_str(flags.log_level);
  command.add_flag("--json", flags.json, "Print one JSON object instead of prose");
  add_report_flag(command, flags);
}

LogLevel story_level(const SingleRunFlags& flags) {
  if (const auto level = parse_log_level(flags.log_level)) return *level;
  throw UsageError(
      fmt::format("--log-level: `{}` is no level; give trace, debug, info, warn, error or off",
                  flags.log_level));
}

CampaignHead head_of(const std::string& called, const ChosenWorld& chosen, const SeedRange& seeds,
                     bool strict) {
  CampaignHead head;
  head.program = called;
  head.world = chosen.world->name;
  head.flags = chosen.flags;
  head.faults = enabled_faults(chosen.scenario);
  head.seeds = seeds;
  head.strict = strict;
  return head;
}

int run_single(const std::string& called, const SingleRunFlags& flags,
               std::span<const WorldDescription> worlds, std::uint64_t seed, bool strict) {
  const ChosenWorld chosen = choose_world(flags, worlds);
  const CampaignHead head = head_of(called, chosen, SeedRange{seed, seed}, strict);
  const LogLevel level = story_level(flags);
  check_report(flags);
  Narrator narrator([](std::string_view line) { print(std::string(line) + "\n"); }, level);
  const RunResult run =
      run_world(*chosen.world, chosen.scenario, seed, flags.json ? nullptr : &narrator);
  print(flags.json ? json_of_run(head, run) : text_of_run(head, run));
  write_run_page(flags, head, chosen, seed, level);
  return exit_code_of_run(head, run);
}

}  // namespace piccolo::sim
