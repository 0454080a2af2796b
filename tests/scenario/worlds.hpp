#pragma once

// Worlds that scenarios are read for.

#include <span>
#include <string>

#include "piccolo/sim/scenario_file.hpp"

namespace piccolo::test {

// `piccolo`, and nothing else.
std::span<const sim::WorldDescription> only_piccolo();
// `piccolo`, and `toy`: two hosts h1 and h2, and parameters of both kinds.
std::span<const sim::WorldDescription> two_worlds();

// The scenario of a text that must be right, in a file scenario.toml.
sim::LoadedScenario read_text(std::string_view text,
                              std::span<const sim::WorldDescription> worlds = only_piccolo());
// What is wrong with a text, or "no error".
std::string error_of(std::string_view text,
                     std::span<const sim::WorldDescription> worlds = only_piccolo());

// The whole file, below the source directory.
std::string text_of_file(const std::string& name);

}  // namespace piccolo::test
