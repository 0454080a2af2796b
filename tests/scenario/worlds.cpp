#include "worlds.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/simulation.hpp"

namespace piccolo::test {
namespace {

using namespace std::chrono_literals;

Task<void> idle(Env& env) {
  const auto slept = co_await env.clock.sleep_for(1h);
  static_cast<void>(slept);
}

void build_toy(sim::Simulation& sim) {
  for (const char* name : {"h1", "h2"}) sim.add_node(sim.add_host(name), name, idle);
}

sim::WorldDescription toy_world() {
  sim::WorldDescription world;
  world.name = "toy";
  world.about = "two hosts that do nothing";
  world.parameters = {sim::Parameter::count("clients", "Clients", 3, 0, 9),
                      sim::Parameter::time("lease", "How long a lease lasts", 2s, 10ms, 1min)};
  world.build = build_toy;
  world.duration = 7s;
  world.faults = FaultSet::none();
  return world;
}

const std::vector<sim::WorldDescription>& worlds() {
  static const std::vector all{sim::cluster_world(), toy_world()};
  return all;
}

}  // namespace

std::span<const sim::WorldDescription> only_piccolo() { return std::span(worlds()).first(1); }
std::span<const sim::WorldDescription> two_worlds() { return worlds(); }

sim::LoadedScenario read_text(std::string_view text, std::span<const sim::WorldDescription> of) {
  auto loaded = sim::parse_scenario(text, "scenario.toml", of);
  if (!loaded) throw std::runtime_error(loaded.error());
  return *std::move(loaded);
}

std::string error_of(std::string_view text, std::span<const sim::WorldDescription> of) {
  const auto loaded = sim::parse_scenario(text, "scenario.toml", of);
  return loaded ? "no error" : loaded.error();
}

std::string text_of_file(const std::string& name) {
  std::ifstream file(std::string(PICCOLO_SOURCE_DIR "/") + name, std::ios::binary);
  if (!file) throw std::runtime_error("no file " + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace piccolo::test
