#pragma once

// What the commands share: parsing, and complaining.

#include <CLI/CLI.hpp>

#include "piccolo/sim/usage.hpp"

namespace piccolo::sim {

// Parses, and runs what was asked for. Writes help and version to standard output, and one line to
// standard error if something is wrong. `exit_code` is what the subcommand leaves it at.
int run_commands(CLI::App& app, int argc, char** argv, const int& exit_code);

// To standard output; failures are noticed at the end.
void print(std::string_view text);

}  // namespace piccolo::sim
