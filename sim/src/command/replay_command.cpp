// replay: one seed again.

#include <memory>

#include "commands.hpp"
#include "export_flags.hpp"
#include "repro_run.hpp"
#include "single_run.hpp"

namespace piccolo::sim {

void add_replay_command(CLI::App& app, int& exit_code, const Application& program,
                        const std::string& called) {
  CLI::App* const command = app.add_subcommand(
      "replay", "Run one seed again: the same story and the same trace hash, every time");
  struct Flags : SingleRunFlags {
    std::string seed;
    ExportFlags exports;
  };
  const auto flags = std::make_shared<Flags>();
  command
      ->add_option("SEED", flags->seed,
                   "The seed, with the options of the world it ran in; or a repro's file")
      ->type_name("")
      ->required();
  add_world_flags(*command, *flags, program.worlds);
  add_story_flags(*command, flags->story);
  add_output_flags(*command, *flags);
  add_export_flags(*command, flags->exports);
  command->callback([flags, &program, called, &exit_code] {
    const std::uint64_t seed = seed_or_repro(flags->seed, *flags, program.worlds);
    if (wants_export(flags->exports)) export_run(*flags, flags->exports, program.worlds, seed);
    flags->quiet = writes_to_output(flags->exports);
    exit_code = run_single(called, *flags, program.worlds, seed, false);
  });
}

}  // namespace piccolo::sim
