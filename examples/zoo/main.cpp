// The zoo as a program: `zoo list`, `zoo sim --world echo.lost-wakeup`, `zoo replay SEED --world
// …`.

#include "piccolo/sim/run.hpp"
#include "zoo.hpp"

int main(int argc, char** argv) {
  piccolo::sim::Application program;
  program.name = "zoo";
  program.about = "Worlds with planted bugs, and their correct twins.";
  for (auto& specimen : piccolo::zoo::all_specimens()) {
    program.worlds.push_back(specimen.broken);
    program.worlds.push_back(specimen.correct);
  }
  return piccolo::sim::run(argc, argv, program);
}
