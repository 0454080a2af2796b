#include <cstdio>
#include <exception>

#include "command_line.hpp"
#include "commands.hpp"

namespace {

int run_program(int argc, char** argv) {
  int exit_code = 0;
  CLI::App app("A node of a distributed system, for real and in simulated worlds.", "piccolo");
  app.set_version_flag("--version", "piccolo " PICCOLO_VERSION, "Print the version");
  app.set_help_flag("-h,--help", "Print this help");
  app.require_subcommand(1);
  piccolo::cli::add_node_command(app, exit_code);
  const std::string program = argc > 0 ? argv[0] : "piccolo";
  piccolo::cli::add_sim_command(app, exit_code, program);
  piccolo::cli::add_replay_command(app, exit_code, program);
  return piccolo::cli::run(app, argc, argv, exit_code);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_program(argc, argv);
  } catch (const std::exception& error) {
    static_cast<void>(std::fprintf(stderr, "piccolo: internal error: %s\n", error.what()));
    return piccolo::cli::exit_internal;
  }
}
