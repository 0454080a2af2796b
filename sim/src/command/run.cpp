#include "piccolo/sim/run.hpp"

#include <cstdio>
#include <exception>

#include "command_line.hpp"
#include "commands.hpp"
#include "piccolo/core/assert.hpp"

namespace piccolo::sim {
namespace {

int run_program(int argc, char** argv, const Application& program) {
  int exit_code = exit_held;
  CLI::App app(program.about, program.name);
  if (!program.version.empty()) {
    app.set_version_flag("--version", program.name + " " + program.version, "Print the version");
  }
  app.set_help_flag("-h,--help", "Print this help");
  app.require_subcommand(1);
  const std::string called = argc > 0 ? argv[0] : program.name;
  for (const AddCommand& add : program.commands) add(app, exit_code);
  add_sim_command(app, exit_code, program, called);
  add_replay_command(app, exit_code, program, called);
  add_shrink_command(app, exit_code, program, called);
  add_when_command(app, exit_code, program, called);
  add_diff_command(app, exit_code, program);
  add_list_command(app, exit_code, program);
  add_scenario_command(app, exit_code, program);
  add_merge_command(app, exit_code);
  return run_commands(app, argc, argv, exit_code);
}

}  // namespace

int run(int argc, char** argv, const Application& program) {
  PICCOLO_ASSERT(!program.worlds.empty(), "a program was given no world");
  try {
    return run_program(argc, argv, program);
  } catch (const std::exception& error) {
    static_cast<void>(
        std::fprintf(stderr, "%s: internal error: %s\n", program.name.c_str(), error.what()));
    return exit_internal;
  }
}

int run(int argc, char** argv, const WorldDescription& world) {
  Application program;
  program.name = world.name;
  program.about = world.about;
  program.worlds = {world};
  return run(argc, argv, program);
}

}  // namespace piccolo::sim
