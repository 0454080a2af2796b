#pragma once

// The whole command line for worlds of your own:
//
//   int main(int argc, char** argv) { return piccolo::sim::run(argc, argv, my_world()); }
//
// gives `sim`, `replay`, `shrink`, `list`, `scenario` and `merge`, as `piccolo` itself has them;
// its `--help` and docs/campaigns.md tell what they do.

#include <functional>
#include <string>
#include <vector>

#include "piccolo/sim/world_description.hpp"

namespace CLI {
class App;
}

namespace piccolo::sim {

// A command of the program's own: adds itself to the application, and when it is the one that was
// asked for, runs in its callback and leaves its exit code. It may throw `UsageError` (usage.hpp).
using AddCommand = std::function<void(CLI::App& app, int& exit_code)>;

struct Application {
  std::string name = "piccolo";
  std::string about = "Simulated worlds: many seeds for a verdict, one seed for its story.";
  std::string version;
  std::vector<WorldDescription> worlds;  // one at least; the first is what runs unless chosen
  std::vector<AddCommand> commands;
};

// Returns the exit code; docs/campaigns.md has their list. Prints to standard output, and to
// standard error what is wrong and how far it is. To be called once, from `main`.
int run(int argc, char** argv, const Application& program);
int run(int argc, char** argv, const WorldDescription& world);

}  // namespace piccolo::sim
