#pragma once

// Repros on the command line: where a seed is expected, the name of a file may stand.

#include <string>
#include <string_view>

#include "piccolo/sim/run_result.hpp"
#include "world_flags.hpp"

namespace piccolo::sim {

// The seed that `word` is, or that of the repro in the file that it names; `flags` then choose the
// file's scenario. Throws UsageError: neither a seed, nor a repro.
std::uint64_t seed_or_repro(const std::string& word, WorldFlags& flags,
                            std::span<const WorldDescription> worlds);

// "still breaks linearizable at 1.2s", one line.
std::string repro_verdict(const Repro& repro, const RunResult& run);

}  // namespace piccolo::sim
