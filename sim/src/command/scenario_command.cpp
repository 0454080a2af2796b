// scenario: the scenarios that come with the program, and checks of others.

#include <fmt/format.h>

#include <memory>

#include "command_line.hpp"
#include "commands.hpp"
#include "piccolo/core/suggest.hpp"
#include "piccolo/sim/scenario_file.hpp"

namespace piccolo::sim {
namespace {

void list() {
  for (const BuiltInScenario& each : built_in_scenarios()) {
    print(fmt::format("{:<18} {}\n", each.name, each.about));
  }
}

void show_keys() {
  for (const ScenarioKey& key : scenario_keys()) {
    const std::string section = key.section.empty() ? "" : fmt::format("[{}] ", key.section);
    print(fmt::format("{}{} = {}\n    {}; {} unless given\n", section, key.name, key.value,
                      key.about, key.by_default));
  }
}

void show(const std::string& name) {
  const std::vector<BuiltInScenario> all = built_in_scenarios();
  std::vector<std::string_view> known;
  for (const BuiltInScenario& each : all) {
    if (each.name == name) return print(each.text);
    known.emplace_back(each.name);
  }
  throw UsageError(one_line(
      fmt::format("no scenario `{}` comes with this program; {}", name, suggestion(name, known))));
}

void check(const std::vector<std::string>& files, std::span<const WorldDescription> worlds) {
  for (const std::string& file : files) {
    const auto loaded = load_scenario(file, worlds);
    if (!loaded) throw UsageError(one_line(loaded.error()));
    if (const auto complaint = complaint_about(*loaded->world, loaded->scenario)) {
      throw UsageError(one_line(*complaint));
    }
    print(one_line(fmt::format("{}: a scenario of the world `{}`", file, loaded->world->name)) +
          "\n");
  }
}

CLI::App* add_word(CLI::App& command, const char* name, const char* about) {
  CLI::App* const word = command.add_subcommand(name, about);
  word->set_help_flag("-h,--help", "Print this help");
  return word;
}

}  // namespace

void add_scenario_command(CLI::App& app, int& exit_code, const Application& program) {
  CLI::App* const command = app.add_subcommand(
      "scenario", "List, show and check scenarios: files that say what to simulate");
  command->set_help_flag("-h,--help", "Print this help");
  command->require_subcommand(1);
  command->callback([&exit_code] { exit_code = exit_held; });
  add_word(*command, "list", "Those that come with the program")->callback(&list);
  add_word(*command, "keys", "What a file may say")->callback(&show_keys);
  const auto name = std::make_shared<std::string>();
  CLI::App* const shown = add_word(*command, "show", "Print one of them");
  shown->add_option("NAME", *name, "Its name")->type_name("")->required();
  shown->callback([name] { show(*name); });
  const auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* const checked =
      add_word(*command, "check", "Say what is wrong with files, if anything");
  checked->add_option("FILE", *files, "Files, or names as `list` tells them")
      ->type_name("")
      ->required();
  checked->callback([files, &program] { check(*files, program.worlds); });
}

}  // namespace piccolo::sim
