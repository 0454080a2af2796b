#pragma once

// piccolo node: one node for real.

namespace CLI {
class App;
}

namespace piccolo::cli {

void add_node_command(CLI::App& app, int& exit_code);

}  // namespace piccolo::cli
