#pragma once

// The subcommands. Each adds itself to the application; when it is the one that was asked for, it
// runs while the command line is parsed and leaves its exit code.

#include <CLI/CLI.hpp>
#include <string>

#include "piccolo/sim/run.hpp"

namespace piccolo::sim {

// `called`: how this program was called, for the commands that reports suggest.
void add_sim_command(CLI::App& app, int& exit_code, const Application& program,
                     const std::string& called);
void add_replay_command(CLI::App& app, int& exit_code, const Application& program,
                        const std::string& called);
void add_shrink_command(CLI::App& app, int& exit_code, const Application& program,
                        const std::string& called);
void add_when_command(CLI::App& app, int& exit_code, const Application& program,
                      const std::string& called);
void add_diff_command(CLI::App& app, int& exit_code, const Application& program);
void add_list_command(CLI::App& app, int& exit_code, const Application& program);
void add_scenario_command(CLI::App& app, int& exit_code, const Application& program);
void add_merge_command(CLI::App& app, int& exit_code);

}  // namespace piccolo::sim
