#include "world_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "fault_flags.hpp"
#include "piccolo/core/suggest.hpp"
#include "piccolo/sim/scenario_file.hpp"
#include "piccolo/sim/usage.hpp"

namespace piccolo::sim {
namespace {

constexpr Duration longest_run = std::chrono::hours(24);

const WorldDescription& world_named(const std::optional<std::string>& name,
                                    std::span<const WorldDescription> worlds) {
  if (!name) return worlds.front();
  std::vector<std::string_view> known;
  for (const WorldDescription& world : worlds) {
    if (world.name == *name) return world;
    known.emplace_back(world.name);
  }
  throw UsageError(fmt::format("--world: `{}` is no world; {}", *name, suggestion(*name, known)));
}

void set_parameters(const WorldFlags& flags, Scenario& scenario) {
  for (const auto& [name, text] : flags.parameters) {
    if (!text) continue;
    const auto set = scenario.parameters.set(name, *text);
    if (!set) throw UsageError("--" + set.error());
  }
}

Duration read_run_time(const std::string& text) {
  const auto duration = parse_duration(text);
  if (duration && *duration >= std::chrono::seconds(1) && *duration <= longest_run) {
    return *duration;
  }
  throw UsageError(fmt::format(
      "--duration: `{}` is no time between 1s and 24h; give a number and a unit, such as 30s",
      text));
}

ReadyOrder read_order(const std::string& text) {
  if (const auto order = parse_ready_order(text)) return *order;
  throw UsageError(
      fmt::format("--order: `{}` is no order; give fifo, random, pct(3) or mixed", text));
}

Heal read_heal(const std::string& text) {
  if (text == "drawn") return Heal::drawn;
  if (text == "all") return Heal::all;
  if (text == "core") return Heal::core;
  throw UsageError(
      fmt::format("--heal: `{}` says not what to heal; give drawn, all or core", text));
}

bool read_switch(const char* option, const std::string& text) {
  if (text == "on" || text == "off") return text == "on";
  throw UsageError(fmt::format("{}: `{}` is neither on nor off; give one of them", option, text));
}

std::uint64_t read_events(const std::string& text) {
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error == std::errc() && stop == end && count > 0) return count;
  throw UsageError(fmt::format("--events-max: `{}` is no number of events; give 1 or more", text));
}

void set_the_rest(const WorldFlags& flags, Scenario& scenario) {
  if (flags.duration) scenario.duration = read_run_time(*flags.duration);
  if (flags.faults) {
    const auto faults = FaultSet::parse(*flags.faults);
    if (!faults) throw UsageError(fmt::format("--faults: {}", faults.error()));
    scenario.faults = *faults;
    scenario.listed.reset();
  }
  if (!flags.fault_lines.empty() || flags.fault_list) {
    scenario.listed = listed_faults(flags.fault_lines, flags.fault_list);
  }
  if (flags.order && *flags.order == "mixed") scenario.order.reset();
  if (flags.order && *flags.order != "mixed") scenario.order = read_order(*flags.order);
  if (flags.heal) scenario.heal = read_heal(*flags.heal);
  if (flags.buggify) scenario.buggify = read_switch("--buggify", *flags.buggify);
  if (flags.swarm) scenario.profile.swarm = read_switch("--swarm", *flags.swarm);
  if (flags.events_max) scenario.events_max = read_events(*flags.events_max);
}

// For a shell: in double quotes, of which a fault's line has none, nor anything else that they let
// through.
std::string quoted(const std::string& text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%";
  const bool is_plain = !text.empty() && text.find_first_not_of(plain) == std::string::npos;
  return is_plain ? text : fmt::format("\"{}\"", text);
}

// What there is of the world's, be it chosen or not, so that the flags mean the same when a default
// changes; of a scenario's, only what was chosen besides.
std::string flags_again(const WorldFlags& flags, const ChosenWorld& chosen, bool among_several) {
  std::string text;
  const auto add = [&text](const std::string& flag, const std::optional<std::string>& value) {
    if (value) text += fmt::format("{}{} {}", text.empty() ? "" : " ", flag, quoted(*value));
  };
  const Scenario& scenario = chosen.scenario;
  const bool whole = !flags.scenario;
  if (among_several) add("--world", chosen.world->name);
  add("--scenario", flags.scenario);
  for (const Parameter& each : scenario.parameters.all()) {
    const auto typed = flags.parameters.find(each.name);
    const bool was_typed = typed != flags.parameters.end() && typed->second;
    if (whole || was_typed) add("--" + each.name, value_text(each));
  }
  if (whole || flags.duration) add("--duration", format_duration(scenario.duration));
  const bool lists = !flags.fault_lines.empty() || flags.fault_list;
  if (scenario.listed && lists) {
    for (const ListedFault& fault : *scenario.listed) add("--fault", fault.line);
    if (scenario.listed->empty()) add("--faults", "none");
  } else if (whole || flags.faults) {
    add("--faults", scenario.faults.to_string());
  }
  const Scenario usual(*chosen.world);
  const auto add_unusual = [&](const char* flag, const std::optional<std::string>& typed,
                               bool is_usual) {
    if (!whole || !is_usual) add(flag, typed);
  };
  add_unusual("--swarm", flags.swarm, scenario.profile.swarm == usual.profile.swarm);
  add_unusual("--order", flags.order, scenario.order == usual.order);
  add_unusual("--heal", flags.heal, scenario.heal == usual.heal);
  add_unusual("--buggify", flags.buggify, scenario.buggify == usual.buggify);
  add_unusual("--events-max", flags.events_max, scenario.events_max == usual.events_max);
  return text;
}

void add_parameter_flags(CLI::App& command, WorldFlags& flags,
                         std::span<const WorldDescription> worlds) {
  for (const WorldDescription& world : worlds) {
    for (const Parameter& each : world.parameters) {
      if (flags.parameters.contains(each.name)) continue;
      auto& value = flags.parameters[each.name];
      Parameter low = each;
      Parameter high = each;
      low.value = each.min;
      high.value = each.max;
      command
          .add_option("--" + each.name, value,
                      fmt::format("{}, {}..{}", each.about, value_text(low), value_text(high)))
          ->type_name(each.kind == Parameter::Kind::time ? "TIME" : "N")
          ->default_str(value_text(each))
          ->group(worlds.size() > 1 ? "Parameters of worlds" : "Parameters of the world");
    }
  }
}

}  // namespace

void add_world_flags(CLI::App& command, WorldFlags& flags,
                     std::span<const WorldDescription> worlds) {
  const auto add = [&](const char* name, std::optional<std::string>& value, std::string what,
                       const char* type, const std::string& otherwise) {
    return command.add_option(name, value, std::move(what))
        ->type_name(type)
        ->default_str(otherwise);
  };
  if (worlds.size() > 1) {
    add("--world", flags.world, "What to simulate; `list` tells all", "NAME", worlds.front().name);
  }
  add("--scenario", flags.scenario,
      "A file that says what to simulate, or the name of one that comes with the program; what "
      "other options say goes before it",
      "FILE", "none");
  add_parameter_flags(command, flags, worlds);
  add("--duration", flags.duration,
      "Virtual time in which faults strike; healing and converging follow", "TIME",
      format_duration(worlds.front().duration));
  add_fault_flags(command, flags, worlds.front().faults);
  add("--swarm", flags.swarm,
      "Whether each seed draws a subset of the kinds of faults, and strengths: on or off", "SWITCH",
      "off");
  add("--order", flags.order,
      "In which order ready tasks run: fifo, random, pct(DEPTH), or mixed: each seed draws one",
      "POLICY", "mixed");
  add("--heal", flags.heal,
      "What is healed at last and must make progress: all, a core of the hosts, or drawn by the "
      "seed",
      "WHAT", "drawn");
  add("--buggify", flags.buggify, "Whether the probes in the programs' code fire: on or off",
      "SWITCH", "on");
  add("--events-max", flags.events_max, "A run that comes to so many events is endless", "N",
      "20000000");
  command.set_help_flag("-h,--help", "Print this help");
}

namespace {

ChosenWorld from_scenario(const WorldFlags& flags, std::span<const WorldDescription> worlds) {
  auto loaded = load_scenario(*flags.scenario, worlds);
  if (!loaded) throw UsageError(one_line("--scenario: " + loaded.error()));
  if (flags.world && *flags.world != loaded->world->name) {
    throw UsageError(
        one_line(fmt::format("--world: the scenario is of the world `{}`; leave one "
                             "of --world and --scenario out",
                             loaded->world->name)));
  }
  return ChosenWorld{loaded->world, std::move(loaded->scenario), {}};
}

}  // namespace

ChosenWorld choose_world(const WorldFlags& flags, std::span<const WorldDescription> worlds) {
  const WorldDescription* const named = &world_named(flags.world, worlds);
  ChosenWorld chosen =
      flags.scenario ? from_scenario(flags, worlds) : ChosenWorld{named, Scenario(*named), {}};
  set_parameters(flags, chosen.scenario);
  set_the_rest(flags, chosen.scenario);
  if (const auto complaint = complaint_about(*chosen.world, chosen.scenario)) {
    throw UsageError(one_line(*complaint));  // a NUL would end the message
  }
  chosen.flags = flags_again(flags, chosen, worlds.size() > 1);
  return chosen;
}

}  // namespace piccolo::sim
