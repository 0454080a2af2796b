#pragma once

// One seed of a campaign: run once or, when it is among those that are drawn for it, twice, to see
// whether it does the same.

#include <functional>
#include <optional>
#include <string>

#include "piccolo/sim/run_world.hpp"

namespace piccolo::sim {

// Is the seed among `check_ppm` in a million? A function of the two alone.
bool is_checked(std::uint64_t seed, std::uint32_t check_ppm) noexcept;

// What two results of one seed differ in first, in one line.
std::optional<std::string> first_difference(const RunResult& one, const RunResult& other);

// A difference is a violation of `deterministic`, whatever else was found. `begin` is called before
// each run of the seed.
RunResult checked_run(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed,
                      std::uint32_t check_ppm, const std::function<void()>& begin);

}  // namespace piccolo::sim
