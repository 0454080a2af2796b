#include "scenario/keys.hpp"

#include "piccolo/core/printable.hpp"

namespace piccolo::sim {
namespace {

const std::string* of_one_line(const TomlValue& value, const ConfigValue& key) {
  if (!has_control_characters(value.text)) return &value.text;
  key.problems().report(value.at,
                        fmt::format("`{}` holds control characters: `{}`; write one plain line, {}",
                                    key.key(), printable(value.text), key.for_example()));
  return nullptr;
}

}  // namespace

void report_stray(const TomlValue& entry, std::string_view section,
                  std::span<const std::string_view> names, Reading& reading) {
  if (!entry.is_section() && report_misplaced(entry, section, reading.known, reading.problems)) {
    return;
  }
  report_unknown(entry, entry.is_section() ? "section" : "key", names, reading.problems);
}

const std::string* plain_text(const ConfigValue& value) {
  if (value.string() == nullptr) return nullptr;
  return of_one_line(value.value(), value);
}

const std::string* plain_text(const TomlValue& entry, const ConfigValue& list) {
  if (entry.type == TomlValue::Type::string) return of_one_line(entry, list);
  list.problems().report(entry.at, fmt::format("`{}` must hold strings, not {}; {}", list.key(),
                                               with_article(entry.type), list.for_example()));
  return nullptr;
}

}  // namespace piccolo::sim
