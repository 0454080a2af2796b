// list: the worlds that there are.

#include <fmt/format.h>

#include "command_line.hpp"
#include "commands.hpp"

namespace piccolo::sim {
namespace {

std::string tell(const WorldDescription& world) {
  std::string text = fmt::format("{}\n  {}\n  faults strike for {}: {}\n", world.name, world.about,
                                 format_duration(world.duration), world.faults.to_string());
  for (const Parameter& each : world.parameters) {
    text += fmt::format("  --{} {}: {}\n", each.name, value_text(each), each.about);
  }
  return text;
}

}  // namespace

void add_list_command(CLI::App& app, int& exit_code, const Application& program) {
  CLI::App* const command =
      app.add_subcommand("list", "Tell the worlds that there are, and what can be chosen of them");
  command->set_help_flag("-h,--help", "Print this help");
  command->callback([&program, &exit_code] {
    for (const WorldDescription& world : program.worlds) print(tell(world));
    exit_code = exit_held;
  });
}

}  // namespace piccolo::sim
