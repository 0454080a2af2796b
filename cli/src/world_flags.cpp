#include "world_flags.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <fstream>
#include <thread>

#include "command_line.hpp"

namespace piccolo::cli {
namespace {

constexpr Duration longest_run = std::chrono::hours(24);
constexpr unsigned most_jobs = 1024;
constexpr std::size_t most_faults = 10'000;

std::optional<std::uint64_t> seed_in(std::string_view text) {
  std::uint64_t seed = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seed);
  if (error != std::errc() || stop != end) return std::nullopt;
  return seed;
}

// A file that is none (a device, a pipe that never ends) is given up early.
void read_fault_list(const std::string& name, std::vector<ListedFault>& faults) {
  std::ifstream file(name);
  std::array<char, fault_line_max + 2> buffer{};
  for (std::size_t number = 1; file.getline(buffer.data(), buffer.size()); ++number) {
    const auto extracted = static_cast<std::size_t>(file.gcount());
    const std::string line(buffer.data(), file.eof() ? extracted : extracted - 1);
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line[begin] == '#') continue;
    if (faults.size() == most_faults) {
      throw UsageError(
          fmt::format("--fault-list: `{}` has more than {} faults; give fewer", name, most_faults));
    }
    faults.push_back({fmt::format("{}:{}", name, number), line});
  }
  if (file.gcount() > static_cast<std::streamsize>(fault_line_max)) {
    throw UsageError(
        fmt::format("--fault-list: `{}` has a line of more than {} characters; give a file of "
                    "faults, one a line",
                    name, fault_line_max));
  }
  if (!file.eof()) {
    throw UsageError(fmt::format("--fault-list: cannot read `{}`; give a file of faults", name));
  }
}

std::vector<ListedFault> listed_faults(const WorldFlags& flags) {
  std::vector<ListedFault> faults;
  faults.reserve(flags.fault_lines.size());
  for (std::size_t index = 0; index < flags.fault_lines.size(); ++index) {
    faults.push_back({fmt::format("--fault {}", index + 1), flags.fault_lines[index]});
  }
  if (flags.fault_list) read_fault_list(*flags.fault_list, faults);
  return faults;
}

}  // namespace

void add_world_flags(CLI::App& command, WorldFlags& flags) {
  const auto add = [&](const char* name, std::string& value, const char* what, const char* type) {
    command.add_option(name, value, what)->type_name(type)->default_str(value);
  };
  add("--nodes", flags.nodes, "Nodes in the cluster, 2..64", "N");
  add("--duration", flags.duration,
      "Virtual time in which faults strike; healing and converging follow", "TIME");
  const std::string kinds = FaultSet::known();
  CLI::Option* const drawn = command
                                 .add_option("--faults", flags.faults,
                                             "What each seed draws its faults from: all, none, "
                                             "some, or all but some (all,-hup). They are " +
                                                 kinds)
                                 ->type_name("KINDS")
                                 ->default_str(flags.faults);
  command
      .add_option("--fault", flags.fault_lines,
                  "Instead of drawn ones, this fault, such as `2s isolate n1 for 3s`; may be "
                  "given several times (docs/faults.md has all lines)")
      ->type_name("LINE")
      ->default_str("none")
      ->allow_extra_args(false)
      ->excludes(drawn);
  command
      .add_option("--fault-list", flags.fault_list,
                  "Likewise the faults of a file, one a line; lines that begin with # are comments")
      ->type_name("FILE")
      ->default_str("none")
      ->excludes(drawn);
  add("--log-level", flags.log_level,
      "What a single run's story tells: trace, debug, info, warn, error or off", "LEVEL");
  command.add_flag("--json", flags.json, "Print one JSON object instead of prose");
  command.set_help_flag("-h,--help", "Print this help");
}

ClusterOptions world_of(const WorldFlags& flags) {
  ClusterOptions world;
  const auto nodes =
      parse_number(flags.nodes, ClusterOptions::nodes_min, ClusterOptions::nodes_max);
  if (!nodes) {
    throw UsageError(fmt::format("--nodes: `{}` is no number of nodes; give {}..{}", flags.nodes,
                                 ClusterOptions::nodes_min, ClusterOptions::nodes_max));
  }
  world.nodes = *nodes;
  const auto duration = parse_duration(flags.duration);
  if (!duration || *duration < std::chrono::seconds(1) || *duration > longest_run) {
    throw UsageError(fmt::format(
        "--duration: `{}` is no time between 1s and 24h; give a number and a unit, such as 30s",
        flags.duration));
  }
  world.duration = *duration;
  const auto faults = FaultSet::parse(flags.faults);
  if (!faults) throw UsageError(fmt::format("--faults: {}", faults.error()));
  world.faults = *faults;
  if (!flags.fault_lines.empty() || flags.fault_list) {
    auto listed = parse_fault_plan(listed_faults(flags), listed_scene(world));
    if (!listed) throw UsageError(one_line(listed.error()));  // a NUL would end the message
    world.listed = std::move(*listed);
  }
  return world;
}

LogLevel story_level(const WorldFlags& flags) {
  const auto level = parse_log_level(flags.log_level);
  if (level) return *level;
  throw UsageError(
      fmt::format("--log-level: `{}` is no level; give trace, debug, info, warn, error or off",
                  flags.log_level));
}

std::uint64_t parse_seed(std::string_view option, std::string_view text) {
  if (const auto seed = seed_in(text)) return *seed;
  throw UsageError(fmt::format("{}: `{}` is no seed; give a whole number from 0 to {}", option,
                               text, UINT64_MAX));
}

SeedRange parse_seeds(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    const std::uint64_t seed = parse_seed("--seeds", text);
    return SeedRange{seed, seed};
  }
  const auto first = seed_in(text.substr(0, dots));
  const auto last = seed_in(text.substr(dots + 2));
  if (!first || !last) {
    throw UsageError(
        fmt::format("--seeds: `{}` is no range of seeds; give A..B, such as 1..1000, of whole "
                    "numbers from 0 to {}",
                    text, UINT64_MAX));
  }
  const SeedRange range{*first, *last};
  if (range.first > range.last) {
    throw UsageError(fmt::format("--seeds: `{}` is empty; give the lower seed first", text));
  }
  if (range.last - range.first > UINT32_MAX) {
    throw UsageError(fmt::format("--seeds: `{}` is more than 2^32 seeds; give fewer", text));
  }
  return range;
}

unsigned parse_jobs(std::string_view text) {
  const auto jobs = parse_number(text, 0, most_jobs);
  if (!jobs) {
    throw UsageError(
        fmt::format("--jobs: `{}` is no number of threads; give 0..{}, 0 for all "
                    "processors",
                    text, most_jobs));
  }
  return *jobs > 0 ? *jobs : std::max(std::thread::hardware_concurrency(), 1U);
}

}  // namespace piccolo::cli
