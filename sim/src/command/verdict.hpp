#pragma once

#include <string>

#include "report.hpp"

namespace piccolo::sim {

// One or two lines: how many seeds held, how long it took, and whether it was all.
std::string verdict(const Report& report);

}  // namespace piccolo::sim
