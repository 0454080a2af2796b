#pragma once

// How a story is told, while it happens or from a recording.

#include <optional>
#include <string>
#include <string_view>

#include "piccolo/sim/recording.hpp"

namespace piccolo::sim {

// The line's text, with what marks a fault or a warning.
std::string story_text(const RecordedLine& line);

// "    1.204000  n1    text"; who is "*" for the run as a whole.
std::string story_line(TimePoint at, std::string_view who, std::string_view text);

// Empty for lines that are not part of it: what programs and kernels did to each other.
std::optional<std::string> story_line(const Recording& recording, const RecordedLine& line);

}  // namespace piccolo::sim
