#pragma once

// The subcommands. Each adds itself to the application; when it is the one that was asked for, it
// runs while the command line is parsed and leaves its exit code.

#include <CLI/CLI.hpp>
#include <string>

namespace piccolo::cli {

void add_node_command(CLI::App& app, int& exit_code);
// `program`: how this one was called, for the commands that reports suggest.
void add_sim_command(CLI::App& app, int& exit_code, const std::string& program);
void add_replay_command(CLI::App& app, int& exit_code, const std::string& program);

}  // namespace piccolo::cli
