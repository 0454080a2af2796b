// Above all sections, and which section is read by whom.

#include <array>

#include "piccolo/core/printable.hpp"
#include "piccolo/core/suggest.hpp"
#include "scenario/fault_keys.hpp"
#include "scenario/link_keys.hpp"
#include "scenario/repro_keys.hpp"
#include "scenario/words.hpp"

namespace piccolo::sim {
namespace {

constexpr std::array<std::string_view, 5> sections{"parameters", "link", "links", "faults",
                                                   "repro"};

void read_heal(const ConfigValue& value, Scenario& scenario) {
  const std::string* const text = value.string();
  if (text == nullptr) return;
  const auto found = std::ranges::find(heal_names, *text);
  if (found != heal_names.end()) {
    scenario.heal = static_cast<Heal>(found - heal_names.begin());
  } else {
    value.report(fmt::format("`{}` cannot be `{}`; {}", value.key(), printable(*text),
                             suggestion(*text, heal_names)));
  }
}

void read_order(const ConfigValue& value, Scenario& scenario) {
  const std::string* const text = value.string();
  if (text == nullptr) return;
  scenario.order.reset();
  if (*text == mixed_order) return;
  const auto order = parse_ready_order(*text);
  if (order) {
    scenario.order = *order;
  } else {
    value.report(
        fmt::format("`{}` cannot be `{}`; give `mixed`, `fifo`, `random`, or `pct(D)` "
                    "with a depth D from 1 to {}",
                    value.key(), printable(*text), ReadyOrder::depth_max));
  }
}

// One of two words; true for the second.
void read_choice(const ConfigValue& value, const std::array<std::string_view, 2>& names,
                 bool& second) {
  const std::string* const text = value.string();
  if (text == nullptr) return;
  const auto found = std::ranges::find(names, *text);
  if (found != names.end()) {
    second = found != names.begin();
  } else {
    value.report(fmt::format("`{}` cannot be `{}`; {}", value.key(), printable(*text),
                             suggestion(*text, names)));
  }
}

using TopKey = Key<Scenario>;

constexpr std::array of_top{
    TopKey{"", "about", R"("what it is for")",
           [](const ConfigValue& value, Scenario& scenario) {
             if (const std::string* const text = plain_text(value)) scenario.about = *text;
           },
           "one line", "", "for lists of scenarios"},
    // Read before all others: `choose_world`.
    TopKey{"", "world", R"("piccolo")", [](const ConfigValue&, Scenario&) {}, "a name",
           "the only one there is", "of the worlds that the program has"},
    TopKey{"", "duration", R"("30s")",
           [](const ConfigValue& value, Scenario& scenario) {
             value.duration(scenario.duration, Duration(1), std::chrono::hours(24),
                            "more than 0s, up to 24h");
           },
           "a time up to 24h", "the world's",
           "virtual time in which faults strike; healing and converging follow"},
    TopKey{"", "heal", R"("all")", read_heal, "drawn, all or core", "drawn",
           "what is healed then: all hosts, a core of some, or one of the two by the seed"},
    TopKey{"", "layout", R"("named")",
           [](const ConfigValue& value, Scenario& scenario) {
             read_choice(value, layout_names, scenario.layout_drawn);
           },
           "named or drawn", "named",
           "drawn: the seed lays out the hosts although faults or links name some"},
    TopKey{"", "kernels", R"("usual")",
           [](const ConfigValue& value, Scenario& scenario) {
             read_choice(value, kernel_names, scenario.usual_kernels);
           },
           "drawn or usual", "drawn", "usual: Linux's defaults where the seed would draw kernels"},
    TopKey{"", "order", R"("mixed")", read_order, "mixed, fifo, random or pct(D), D from 1 to 16",
           "mixed", "in which ready tasks run; mixed: the seed draws one"},
    TopKey{"", "buggify", "true",
           [](const ConfigValue& value, Scenario& scenario) { value.boolean(scenario.buggify); },
           "true or false", "true", "whether the sites in the programs' code fire"},
    TopKey{"", "events_max", "20000000",
           [](const ConfigValue& value, Scenario& scenario) {
             value.integer(scenario.events_max, 0, INT64_MAX);
           },
           "a count, 0 for no limit", "20000000", "a run that comes to that many is endless"},
};

// The one top key that needs the file's name, for the places of its lines.
constexpr Key<FaultTarget> broken_key{
    "",
    "broken",
    R"(["n3 cut off"])",
    [](const ConfigValue& value, FaultTarget& into) {
      read_lines(value, into.scenario.broken, into.reading);
    },
    "a list of hosts and how: without power, cut off, paused, unheard or deaf",
    "",
    "with `heal = \"core\"`: exactly who stays broken, instead of a drawn core"};

std::span<const TopKey> top_keys() { return of_top; }

// ---- [parameters] ----

void read_parameter(const TomlValue& entry, const Parameter& parameter, Parameters& parameters,
                    Problems& problems) {
  const bool is_time = parameter.kind == Parameter::Kind::time;
  const std::string by_default = value_text(parameter);
  const std::string example = is_time ? '"' + by_default + '"' : by_default;
  const ConfigValue value(entry, parameter.name, example, problems);
  Parameter chosen = parameter;
  if (is_time) {
    Duration time(parameter.value);
    const auto limits = fmt::format("{} to {}", format_duration(Duration(parameter.min)),
                                    format_duration(Duration(parameter.max)));
    value.duration(time, Duration(parameter.min), Duration(parameter.max), limits);
    chosen.value = time.count();
  } else {
    value.integer(chosen.value, parameter.min, parameter.max);
  }
  const auto set = parameters.set(chosen.name, value_text(chosen));
  if (!set) problems.report(entry.at, set.error());
}

void read_parameters(const TomlValue& section, const WorldDescription& world, Scenario& scenario,
                     Reading& reading) {
  if (!require_section(section, reading.problems)) return;
  std::vector<std::string_view> names;
  names.reserve(world.parameters.size());
  for (const Parameter& parameter : world.parameters) names.push_back(parameter.name);
  for (const TomlValue& entry : section.items) {
    const auto found = std::ranges::find(world.parameters, entry.key, &Parameter::name);
    if (found != world.parameters.end()) {
      read_parameter(entry, *found, scenario.parameters, reading.problems);
    } else if (!report_misplaced(entry, "parameters", reading.known, reading.problems)) {
      reading.problems.report(entry.key_at,
                              fmt::format("the world `{}` has no parameter `{}`; {}", world.name,
                                          printable(entry.key), suggestion(entry.key, names)));
    }
  }
}

// ---- the whole file ----

std::vector<std::string_view> names_of_worlds(std::span<const WorldDescription> worlds) {
  std::vector<std::string_view> names;
  for (const WorldDescription& world : worlds) names.push_back(world.name);
  return names;
}

// Null, and reported, when there is none to choose.
const WorldDescription* choose_world(const TomlValue& root,
                                     std::span<const WorldDescription> worlds, Problems& problems) {
  const TomlValue* const named = root.find("world");
  if (named == nullptr && worlds.size() == 1) return &worlds.front();
  if (named == nullptr) {
    problems.report({}, fmt::format("there are several worlds, and no key `world` says which is "
                                    "meant; {}",
                                    suggestion("", names_of_worlds(worlds))));
    return nullptr;
  }
  const std::string example = '"' + worlds.front().name + '"';
  const ConfigValue value(*named, "world", example, problems);
  const std::string* const name = value.string();
  if (name == nullptr) return nullptr;
  const auto found = std::ranges::find(worlds, *name, &WorldDescription::name);
  if (found != worlds.end()) return &*found;
  value.report(fmt::format("unknown world `{}`; {}", printable(*name),
                           suggestion(*name, names_of_worlds(worlds))));
  return nullptr;
}

std::vector<KnownKey> known_keys(const WorldDescription* world) {
  std::vector<KnownKey> known(of_top.begin(), of_top.end());
  known.push_back(broken_key);
  known.insert(known.end(), link_keys().begin(), link_keys().end());
  known.insert(known.end(), fault_keys().begin(), fault_keys().end());
  known.insert(known.end(), link_end_keys().begin(), link_end_keys().end());
  known.insert(known.end(), fault_kind_keys().begin(), fault_kind_keys().end());
  known.insert(known.end(), repro_keys().begin(), repro_keys().end());
  if (world == nullptr) return known;
  for (const Parameter& parameter : world->parameters) {
    known.push_back({"parameters", parameter.name});
  }
  return known;
}

// `world`: the chosen one, if there is one.
void read_entry(const TomlValue& entry, const WorldDescription* world, Scenario& scenario,
                Reading& reading) {
  if (entry.key == "link" || entry.key == "links") return;  // are read in their order
  if (entry.key == "faults") return read_faults(entry, scenario, reading);
  if (entry.key == "parameters") {
    if (world != nullptr) read_parameters(entry, *world, scenario, reading);
    return;
  }
  if (entry.key == "repro") return read_repro(entry, scenario, reading);
  if (read_key(entry, top_keys(), scenario, reading.problems)) return;
  FaultTarget into{scenario, reading};
  if (read_key(entry, std::span(&broken_key, 1), into, reading.problems)) return;
  std::vector<std::string_view> names;
  if (!entry.is_section()) names = names_of(top_keys());
  if (!entry.is_section()) names.push_back(broken_key.name);
  names.insert(names.end(), sections.begin(), sections.end());
  report_stray(entry, "", names, reading);
}

void read_root(const TomlValue& root, const WorldDescription* world, Scenario& scenario,
               Reading& reading) {
  reading.known = known_keys(world);
  for (const TomlValue& entry : root.items) read_entry(entry, world, scenario, reading);
  if (const auto* const link = root.find("link")) read_link(*link, scenario, reading);
  if (const auto* const links = root.find("links")) read_links(*links, scenario, reading);
}

std::string name_of(std::string_view source_name) {
  std::string_view name = source_name.substr(source_name.find_last_of('/') + 1);
  constexpr std::string_view ending = ".toml";
  if (name.ends_with(ending)) name.remove_suffix(ending.size());
  return std::string(name);
}

}  // namespace

std::expected<LoadedScenario, std::string> parse_scenario(
    std::string_view text, std::string_view source_name, std::span<const WorldDescription> worlds) {
  const std::string shown = printable(source_name, 200);
  if (worlds.empty()) return std::unexpected(shown + ": there is no world; register one");
  Reading reading{shown, {}, {}};
  const auto root = parse_toml(text);
  if (!root) {
    return std::unexpected(place(shown, root.error().at) + ": " + root.error().what);
  }
  const WorldDescription* const world = choose_world(*root, worlds, reading.problems);
  Scenario scenario(world != nullptr ? *world : worlds.front());
  scenario.name = name_of(source_name);
  read_root(*root, world, scenario, reading);
  if (auto problem = reading.problems.first(shown)) return std::unexpected(std::move(*problem));
  return LoadedScenario{world, std::move(scenario)};
}

std::vector<ScenarioKey> scenario_keys() {
  std::vector<ScenarioKey> keys;
  const auto add = [&keys](const auto& table) {
    for (const auto& key : table) keys.push_back(key.for_help());
  };
  add(top_keys());
  keys.push_back(broken_key.for_help());
  add(link_keys());
  add(link_end_keys());
  add(fault_keys());
  add(fault_kind_keys());
  add(repro_keys());
  return keys;
}

}  // namespace piccolo::sim
