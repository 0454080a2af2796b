#pragma once

// The reader's tables: what may stand in a section, and how each key is read.

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "piccolo/core/config_reader.hpp"
#include "piccolo/sim/scenario_file.hpp"

namespace piccolo::sim {

template <class Target>
struct Key {
  std::string_view section;
  std::string_view name;
  std::string_view example;  // as it is written in a file
  void (*read)(const ConfigValue& value, Target& into);
  // For help, as in `ScenarioKey`:
  std::string_view value;
  std::string_view by_default;
  std::string_view about;

  operator KnownKey() const noexcept { return {section, name}; }  // NOLINT(*-explicit-*)
  ScenarioKey for_help() const {
    return {std::string(section), std::string(name), std::string(value), std::string(by_default),
            std::string(about)};
  }
};

// What all sections of one file share.
struct Reading {
  std::string_view source_name;
  std::vector<KnownKey> known;  // of all sections; the world's parameters as well
  Problems problems;
};

// Reports an entry that its section does not have. `names`: what it has.
void report_stray(const TomlValue& entry, std::string_view section,
                  std::span<const std::string_view> names, Reading& reading);

// Whether the entry is one of `keys`; if so, it was read.
template <class Target>
bool read_key(const TomlValue& entry, std::span<const Key<Target>> keys, Target& into,
              Problems& problems) {
  const auto found = std::ranges::find(keys, entry.key, &Key<Target>::name);
  if (found == keys.end()) return false;
  found->read(ConfigValue(entry, found->name, found->example, problems), into);
  return true;
}

template <class Target>
std::vector<std::string_view> names_of(std::span<const Key<Target>> keys) {
  std::vector<std::string_view> names;
  for (const Key<Target>& key : keys) names.push_back(key.name);
  return names;
}

// A string for people, of one line, or null and reported.
const std::string* plain_text(const ConfigValue& value);
// The same of an entry of the list that the key holds.
const std::string* plain_text(const TomlValue& entry, const ConfigValue& list);

}  // namespace piccolo::sim
