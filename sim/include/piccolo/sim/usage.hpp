#pragma once

// For programs that add commands of their own to the command line: how to say what is wrong, and
// with which exit code a command ends.

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace piccolo::sim {

inline constexpr int exit_held = 0;
inline constexpr int exit_broke = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_liveness = 3;  // only: something that had to happen did not
inline constexpr int exit_not_deterministic = 4;
inline constexpr int exit_internal = 5;
inline constexpr int exit_toothless = 6;  // strictly: a fault never bit, a `sometimes` never was
inline constexpr int exit_interrupted = 130;  // nothing broke until Ctrl-C, as shells say it

// Wrong usage or configuration. The text names the place and the cure, and goes on one line behind
// the command's name; the program then ends with `exit_usage`.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The text with control characters made visible, so that it stays one line whatever was typed.
std::string one_line(std::string_view text);

// The whole text as a number from `low` to `high`; no sign, no blanks.
std::optional<unsigned> parse_number(std::string_view text, unsigned low, unsigned high) noexcept;

}  // namespace piccolo::sim
