#include "export_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <vector>

#include "piccolo/sim/export.hpp"
#include "piccolo/sim/usage.hpp"
#include "whole_file.hpp"

namespace piccolo::sim {
namespace {

struct Format {
  const char* option;
  const char* about;
  std::optional<std::string> ExportFlags::* file;
  void (*write)(const Recording& recording, const DiagramWindow& window, const ByteSink& sink);
};

template <void (*write)(const Recording&, const ByteSink&)>
void write_all(const Recording& recording, const DiagramWindow& /*window*/, const ByteSink& sink) {
  write(recording, sink);
}

constexpr std::array<Format, 4> formats{
    {{"--pcapng", "Write the packets to a file for Wireshark; - for standard output",
      &ExportFlags::pcapng, &write_all<write_pcapng>},
     {"--perfetto", "Write a timeline to a file for ui.perfetto.dev", &ExportFlags::perfetto,
      &write_all<write_perfetto>},
     {"--jsonl", "Write all of the run to a file, one JSON object a line, for `diff` and scripts",
      &ExportFlags::jsonl, &write_all<write_jsonl>},
     {"--mermaid", "Write a sequence diagram to a file, for an issue", &ExportFlags::mermaid,
      &write_mermaid}}};

// All are opened before the run, so that a wrong name costs no time.
struct Destination {
  const Format* format;
  std::unique_ptr<WholeFile> file;
};

std::vector<Destination> open_all(const ExportFlags& flags) {
  std::vector<Destination> all;
  all.reserve(formats.size());
  std::string on_output;
  for (const Format& format : formats) {
    const std::optional<std::string>& file = flags.*format.file;
    if (!file) continue;
    if (*file == "-" && !on_output.empty()) {
      throw UsageError(
          fmt::format("{}: `-` is taken by {}; give a file", format.option, on_output));
    }
    if (*file == "-") on_output = format.option;
    all.push_back({&format, std::make_unique<WholeFile>(format.option, *file)});
  }
  return all;
}

// What the story is told of, the diagram is drawn of, as far as it can.
DiagramWindow window_of(const Recording& recording, const NarrationOptions& options) {
  DiagramWindow window;
  if (options.from > TimePoint()) window.from = options.from;
  if (options.until < TimePoint::max()) window.until = options.until;
  if (options.hosts.empty()) return window;
  for (HostId host = 0; host < recording.hosts.size(); ++host) {
    if (recording.hosts[host].name == options.hosts.front()) window.host = host;
  }
  return window;
}

}  // namespace

void add_export_flags(CLI::App& command, ExportFlags& flags) {
  for (const Format& format : formats) {
    command.add_option(format.option, flags.*format.file, format.about)
        ->type_name("FILE")
        ->default_str("none");
  }
}

bool wants_export(const ExportFlags& flags) noexcept {
  return std::ranges::any_of(
      formats, [&](const Format& format) { return (flags.*format.file).has_value(); });
}

bool writes_to_output(const ExportFlags& flags) noexcept {
  return std::ranges::any_of(formats,
                             [&](const Format& format) { return flags.*format.file == "-"; });
}

void export_run(const SingleRunFlags& flags, const ExportFlags& exports,
                std::span<const WorldDescription> worlds, std::uint64_t seed) {
  if (flags.json && writes_to_output(exports)) {
    throw UsageError("--json: standard output is taken by another file; give that one a name");
  }
  const ChosenWorld chosen = choose_world(flags, worlds);
  const NarrationOptions options = narration_options(flags.story, chosen, seed);
  const std::vector<Destination> all = open_all(exports);
  const Recording recording = record_world(*chosen.world, chosen.scenario, seed, options.level);
  for (const Destination& each : all) {
    each.format->write(recording, window_of(recording, options),
                       [&each](std::string_view bytes) { each.file->write(bytes); });
  }
  for (const Destination& each : all) each.file->commit();
  if (!recording.truncated) return;
  static_cast<void>(
      std::fputs("the run is too long to be kept whole: only its beginning was written\n", stderr));
}

}  // namespace piccolo::sim
