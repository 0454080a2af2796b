// merge: one verdict on a campaign that was run in shards.

#include <memory>

#include "command_line.hpp"
#include "commands.hpp"
#include "merge.hpp"

namespace piccolo::sim {

void add_merge_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand(
      "merge", "Put the logs of a campaign's shards together, for the verdict on the whole");
  struct Flags {
    std::vector<std::string> logs;
    bool json = false;
  };
  const auto flags = std::make_shared<Flags>();
  command->add_option("LOG", flags->logs, "The logs of all shards, as `sim --jsonl` writes them")
      ->type_name("")
      ->required();
  command->add_flag("--json", flags->json, "Print one JSON object instead of prose");
  command->set_help_flag("-h,--help", "Print this help");
  command->callback([flags, &exit_code] {
    const Report report = merge_logs(flags->logs);
    print(flags->json ? json_report(report) : text_report(report));
    exit_code = exit_code_of(report);
  });
}

}  // namespace piccolo::sim
