#include "single_run.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <optional>

#include "breakpoint.hpp"
#include "command_line.hpp"
#include "piccolo/sim/narrator.hpp"
#include "piccolo/sim/run_world.hpp"
#include "repro_run.hpp"
#include "stepper.hpp"

namespace piccolo::sim {

namespace {

std::optional<std::string> line_of_input() {
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  return line;
}

void print_at_once(std::string_view text) {
  print(text);
  static_cast<void>(std::fflush(stdout));
}

}  // namespace

void add_output_flags(CLI::App& command, SingleRunFlags& flags) {
  command.add_flag("--json", flags.json, "Print one JSON object instead of prose");
  add_report_flag(command, flags);
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

namespace {

int step_through(const CampaignHead& head, const ChosenWorld& chosen, std::uint64_t seed,
                 const NarrationOptions& options) {
  Stepper stepper(options, &print_at_once, &line_of_input);
  const RunResult run = run_world(*chosen.world, chosen.scenario, seed, &stepper);
  if (stepper.quit()) return exit_held;
  print(text_of_run(head, run));
  return exit_code_of_run(head, run);
}

}  // namespace

int run_single(const std::string& called, const SingleRunFlags& flags,
               std::span<const WorldDescription> worlds, std::uint64_t seed, bool strict) {
  const ChosenWorld chosen = choose_world(flags, worlds);
  const CampaignHead head = head_of(called, chosen, SeedRange{seed, seed}, strict);
  const NarrationOptions options = narration_options(flags.story, chosen, seed);
  const bool silent = flags.json || flags.quiet;
  if (silent && (flags.story.step || flags.story.break_at)) {
    throw UsageError(
        "--step and --break tell the story on standard output; leave out --json and `-`");
  }
  check_report(flags);
  if (flags.story.step) return step_through(head, chosen, seed, options);
  Narrator narrator([](std::string_view line) { print(std::string(line) + "\n"); }, options);
  std::optional<Breakpoint> breakpoint;
  if (flags.story.break_at) narrator.watch_with(breakpoint.emplace(*flags.story.break_at));
  const RunResult run =
      run_world(*chosen.world, chosen.scenario, seed, silent ? nullptr : &narrator);
  if (breakpoint && !breakpoint->reached()) {
    throw UsageError(fmt::format("--break: the run has no event {}; give one up to {}",
                                 *flags.story.break_at, breakpoint->last()));
  }
  if (flags.quiet) return exit_code_of_run(head, run);
  print(flags.json ? json_of_run(head, run) : text_of_run(head, run));
  write_run_page(flags, head, chosen, seed, options.level);
  const auto& repro = chosen.scenario.repro;
  if (repro && repro->seed == seed && !flags.json) print(repro_verdict(*repro, run));
  return exit_code_of_run(head, run);
}

}  // namespace piccolo::sim
