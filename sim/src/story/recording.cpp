#include "piccolo/sim/recording.hpp"

#include "piccolo/sim/run_world.hpp"
#include "piccolo/sim/scenario_file.hpp"
#include "recorder.hpp"

namespace piccolo::sim {

Recording record_world(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed,
                       LogLevel level, const RecordLimits& limits) {
  Recording recording;
  recording.world = world.name;
  recording.log_level = level;
  recording.scenario = to_toml(scenario, world.name);
  Recorder recorder(recording, level, limits);
  recording.result = run_world(world, scenario, seed, &recorder);
  return recording;
}

}  // namespace piccolo::sim
