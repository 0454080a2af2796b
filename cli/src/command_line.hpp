#pragma once

// What the subcommands share: how to say that something is wrong, and exit codes.

#include <CLI/CLI.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace piccolo::cli {

constexpr int exit_usage = 2;
constexpr int exit_internal = 5;

// Wrong usage or configuration. The text names the place and the cure, and goes on one line behind
// the command's name.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The text with control characters made visible, so that it stays one line whatever was typed.
std::string one_line(std::string_view text);

// The whole text as a number from `low` to `high`; no sign, no blanks.
std::optional<unsigned> parse_number(std::string_view text, unsigned low, unsigned high) noexcept;

// Parses, and runs what was asked for. Writes help and version to standard output, and one line to
// standard error if something is wrong. `exit_code` is what the subcommand leaves it at.
int run(CLI::App& app, int argc, char** argv, const int& exit_code);

}  // namespace piccolo::cli
