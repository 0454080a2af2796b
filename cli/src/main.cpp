#include "node_command.hpp"
#include "piccolo/sim/cluster.hpp"
#include "piccolo/sim/run.hpp"

int main(int argc, char** argv) {
  piccolo::sim::Application program;
  program.name = "piccolo";
  program.about = "A node of a distributed system, for real and in simulated worlds.";
  program.version = PICCOLO_VERSION;
  program.worlds = {piccolo::sim::cluster_world()};
  program.commands = {&piccolo::cli::add_node_command};
  return piccolo::sim::run(argc, argv, program);
}
