#include "story_flags.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "piccolo/core/suggest.hpp"
#include "piccolo/sim/usage.hpp"
#include "terminal.hpp"
#include "world_names.hpp"

namespace piccolo::sim {
namespace {

constexpr std::array<std::string_view, 5> details{"faults", "logs", "streams", "data", "packets"};

// Before and behind the moment of `--around`.
constexpr Duration around_by = std::chrono::seconds(1);

LogLevel level_in(std::string_view text) {
  if (const auto level = parse_log_level(text)) return *level;
  throw UsageError(fmt::format(
      "--log-level: `{}` is no level; give trace, debug, info, warn, error or off", text));
}

StoryDetail detail_in(std::string_view text) {
  const auto* const found = std::ranges::find(details, text);
  if (found != details.end()) return static_cast<StoryDetail>(found - details.begin());
  throw UsageError(fmt::format("--detail: `{}` is no detail; {}", text, suggestion(text, details)));
}

TimePoint time_in(std::string_view option, std::string_view text) {
  const auto time = parse_duration(text);
  if (time && time->count() >= 0) return TimePoint(*time);
  throw UsageError(
      fmt::format("{}: `{}` is no time of a run; give one such as 12.3s or 1500ms", option, text));
}

void check_hosts(const StoryFlags& flags, const ChosenWorld& chosen, std::uint64_t seed) {
  if (flags.hosts.empty()) return;
  const std::vector<std::string> names = world_names(*chosen.world, chosen.scenario, seed);
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (const std::string& host : flags.hosts) {
    if (std::ranges::find(names, host) != names.end()) continue;
    throw UsageError(
        fmt::format("--host: `{}` is no host of this world; {}", host, suggestion(host, known)));
  }
}

}  // namespace

void add_log_level_flag(CLI::App& command, StoryFlags& flags) {
  command
      .add_option("--log-level", flags.log_level,
                  "What a single run's story tells: trace, debug, info, warn, error or off")
      ->type_name("LEVEL")
      ->default_str(flags.log_level);
}

void add_story_flags(CLI::App& command, StoryFlags& flags) {
  add_log_level_flag(command, flags);
  command
      .add_option("--detail", flags.detail,
                  "How much is told, each more than the one before: faults, logs, streams, data, "
                  "packets")
      ->type_name("DETAIL")
      ->default_str(flags.detail);
  command
      .add_option("--around", flags.around,
                  "Tell what happens from a second before that time to a second behind it")
      ->type_name("TIME")
      ->default_str("none");
  command.add_option("--until", flags.until, "Tell nothing of what happens after that time")
      ->type_name("TIME")
      ->default_str("none");
  command
      .add_option("--host", flags.hosts,
                  "Tell of that host or process alone, and of what is about all; may be repeated")
      ->type_name("NAME")
      ->default_str("none");
  command.add_flag("--step", flags.step,
                   "Stop at each line of the story, and ask what to do; `?` lists what there is");
  command
      .add_option("--break", flags.break_at,
                  "Raise SIGTRAP at that event of the trace, for a debugger")
      ->type_name("EVENT")
      ->default_str("none");
}

NarrationOptions narration_options(const StoryFlags& flags, const ChosenWorld& chosen,
                                   std::uint64_t seed) {
  check_hosts(flags, chosen, seed);
  NarrationOptions options;
  options.level = level_in(flags.log_level);
  options.detail = detail_in(flags.detail);
  options.hosts = flags.hosts;
  if (!flags.around.empty()) {
    const TimePoint at = time_in("--around", flags.around);
    options.from = TimePoint(std::max(at.time_since_epoch() - around_by, Duration(0)));
    options.until = saturating_add(at, around_by);
  }
  if (!flags.until.empty()) {
    options.until = std::min(options.until, time_in("--until", flags.until));
  }
  options.colors = wants_colors(STDOUT_FILENO);
  options.width = columns_of(STDOUT_FILENO);
  return options;
}

}  // namespace piccolo::sim
