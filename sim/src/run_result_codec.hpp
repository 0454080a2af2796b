#pragma once

// A run's result as bytes, on its way from a worker process to the one that counts. Both are the
// same binary, so the version is there for mistakes, not for other versions.

#include <optional>
#include <string>
#include <string_view>

#include "piccolo/sim/run_result.hpp"

namespace piccolo::sim {

// Appends to `bytes`.
void encode(const RunResult& run, std::string& bytes);

// Nothing when the bytes are no result, of another version, cut short, or more than one result.
std::optional<RunResult> decode(std::string_view bytes);

}  // namespace piccolo::sim
