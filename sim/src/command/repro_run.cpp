#include "repro_run.hpp"

#include <fmt/format.h>

#include "piccolo/sim/scenario_file.hpp"
#include "piccolo/sim/usage.hpp"
#include "seed_flags.hpp"

namespace piccolo::sim {

std::uint64_t seed_or_repro(const std::string& word, WorldFlags& flags,
                            std::span<const WorldDescription> worlds) {
  const bool is_file = word.ends_with(".toml") || word.find('/') != std::string::npos;
  if (!is_file) return parse_seed("SEED", word);
  if (flags.scenario) {
    throw UsageError("--scenario: the repro is a scenario already; leave one of the two out");
  }
  flags.scenario = word;
  const auto loaded = load_scenario(word, worlds);
  if (!loaded) throw UsageError(one_line(loaded.error()));
  if (loaded->scenario.repro) return loaded->scenario.repro->seed;
  throw UsageError(one_line(fmt::format(
      "{}: it has no section `[repro]`; give a seed, and this file by --scenario", word)));
}

std::string repro_verdict(const Repro& repro, const RunResult& run) {
  if (!run.violation) return fmt::format("no longer breaks {}\n", repro.invariant);
  const std::string at = format_duration(run.violation->at);
  if (run.violation->invariant == repro.invariant) {
    return fmt::format("still breaks {} at {}\n", repro.invariant, at);
  }
  return fmt::format("no longer breaks {}, but {} at {}\n", repro.invariant,
                     run.violation->invariant, at);
}

}  // namespace piccolo::sim
