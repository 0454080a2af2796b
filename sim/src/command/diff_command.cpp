// diff: where two runs part.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <vector>

#include "command_line.hpp"
#include "commands.hpp"
#include "event_text.hpp"
#include "piccolo/sim/export.hpp"
#include "seed_flags.hpp"
#include "story/story_line.hpp"
#include "trace_difference.hpp"
#include "world_flags.hpp"

namespace piccolo::sim {
namespace {

constexpr std::size_t columns = 80;
constexpr std::uint64_t events_before = 5;
constexpr std::uint64_t events_behind = 4;
constexpr RecordLimits without_packets{.packets = 0, .payload_bytes = 0};

struct Side {
  std::string name;
  Recording recording;
};

struct DiffFlags : WorldFlags {
  std::vector<std::string> runs;
};

bool is_number(const std::string& text) {
  return text.starts_with("0x") || text.find_first_not_of("0123456789") == std::string::npos;
}

Recording read_trace(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (file) file.peek();  // a folder can be opened, but not read
  if (!file.is_open() || file.bad()) {
    throw UsageError(
        fmt::format("cannot read `{}`; give a seed, or a file that `replay --jsonl` wrote", path));
  }
  auto recording = read_jsonl(file, path);
  if (!recording) throw UsageError(recording.error());
  return std::move(*recording);
}

Side side_of(const std::string& text, const DiffFlags& flags,
             std::span<const WorldDescription> worlds) {
  if (!is_number(text)) return {text, read_trace(text)};
  const std::uint64_t seed = parse_seed("RUN", text);
  const ChosenWorld chosen = choose_world(flags, worlds);
  return {fmt::format("seed {}", seed),
          record_world(*chosen.world, chosen.scenario, seed, LogLevel::debug, without_packets)};
}

// Cut where the terminal ends, between characters.
void print_line(std::string text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80) continue;
    if (++width <= columns) continue;
    text.resize(at);
    while ((static_cast<unsigned char>(text.back()) & 0xc0U) == 0x80) text.pop_back();
    text.pop_back();
    text += "…";
    break;
  }
  print(text + "\n");
}

void print_events(const Side& side, std::uint64_t from, std::uint64_t until) {
  const EventText text(side.recording);
  const std::uint64_t count = side.recording.events.size();
  for (std::uint64_t number = from; number < std::min(until, count); ++number) {
    print_line(one_line(text.tell_at(number)));
  }
  if (until > count) print_line(fmt::format("{:>8} the trace ends here", count));
}

// The last one that both could have told: nothing that the differing event led to.
void print_last_line(const Side& side, std::uint64_t event) {
  std::string last = "nothing";
  for (const RecordedLine& line : side.recording.lines) {
    if (line.event >= event) break;
    if (auto told = story_line(side.recording, line)) last = std::move(*told);
  }
  print_line(one_line(last));
}

int tell_events(const std::array<Side, 2>& sides, const TraceComparison& found) {
  print_line(fmt::format("the traces differ: event {} is the first that does", found.alike));
  print_line(fmt::format("both, before it{}", found.alike > 0 ? ":" : ": nothing"));
  print_events(sides[0], found.alike - std::min(found.alike, events_before), found.alike);
  for (const Side& side : sides) {
    print_line(fmt::format("{}:", side.name));
    print_events(side, found.alike, found.alike + events_behind);
  }
  for (const Side& side : sides) {
    print_line(fmt::format("{} told last before it:", side.name));
    print_last_line(side, found.alike);
  }
  return exit_broke;
}

std::string line_at(const Recording& recording, std::size_t at) {
  if (at >= recording.lines.size()) return "the end of the run";
  const RecordedLine& line = recording.lines[at];
  if (auto told = story_line(recording, line)) return *told;
  const std::string_view who =
      line.process ? std::string_view(recording.processes[*line.process].name) : "*";
  return story_line(line.at, who, line.text);
}

int tell_equal(const std::array<Side, 2>& sides, const TraceComparison& found) {
  const Recording& one = sides[0].recording;
  print_line(fmt::format("the traces are equal: {} events, hash {:016x}", one.events.size(),
                         one.result.trace_hash));
  if (!found.lines) return exit_held;
  print_line("but their lines are not (logs are no part of a trace); the first to differ:");
  const std::array<std::size_t, 2> at{found.lines->one, found.lines->other};
  for (std::size_t index = 0; index < sides.size(); ++index) {
    print_line(fmt::format("{}:", sides[index].name));
    print_line(one_line(line_at(sides[index].recording, at[index])));
  }
  return exit_held;
}

int compare(const std::array<Side, 2>& sides) {
  const Recording& one = sides[0].recording;
  const Recording& other = sides[1].recording;
  if (one.world != other.world) {
    print_line(fmt::format("the worlds differ: {} and {}", one.world, other.world));
  } else if (one.scenario != other.scenario) {
    print_line("the scenarios differ: options of the world, or its file");
  }
  const TraceComparison found = compare_traces(one, other);
  if (found.events_differ) return tell_events(sides, found);
  if (!found.beyond) return tell_equal(sides, found);
  print_line(
      fmt::format("the traces differ beyond the first {} events, which are alike: hashes "
                  "{:016x} and {:016x}",
                  found.alike, one.result.trace_hash, other.result.trace_hash));
  return exit_broke;
}

int diff(const DiffFlags& flags, std::span<const WorldDescription> worlds) {
  if (flags.runs.size() > 2) throw UsageError("more than two runs were named; give one or two");
  const std::string& first = flags.runs.front();
  if (flags.runs.size() == 1 && !is_number(first)) {
    throw UsageError(
        fmt::format("`{}` is a single file; give a second one, or a seed, to compare", first));
  }
  std::array<Side, 2> sides{side_of(first, flags, worlds),
                            side_of(flags.runs.back(), flags, worlds)};
  if (sides[0].name == sides[1].name) sides[1].name += ", again";
  return compare(sides);
}

}  // namespace

void add_diff_command(CLI::App& app, int& exit_code, const Application& program) {
  CLI::App* const command =
      app.add_subcommand("diff", "Compare two runs, and show the first event in which they differ");
  const auto flags = std::make_shared<DiffFlags>();
  command
      ->add_option("RUN", flags->runs,
                   "Seeds, or files that `replay --jsonl` wrote; a single seed is run twice")
      ->type_name("")
      ->required();
  add_world_flags(*command, *flags, program.worlds);
  command->callback([flags, &program, &exit_code] { exit_code = diff(*flags, program.worlds); });
}

}  // namespace piccolo::sim
