#include "piccolo/core/config_reader.hpp"

#include "piccolo/core/printable.hpp"
#include "piccolo/core/suggest.hpp"

namespace piccolo {

void Problems::report(TextPosition at, std::string what) {
  if (first_ && first_->at <= at) return;
  first_ = TextError(at, std::move(what));
}

std::optional<std::string> Problems::first(std::string_view source_name) const {
  if (!first_) return std::nullopt;
  return place(source_name, first_->at) + ": " + first_->what;
}

std::string place(std::string_view source_name, TextPosition at) {
  return fmt::format("{}:{}:{}", source_name, at.line, at.column);
}

std::optional<std::int64_t> ConfigValue::integer(std::int64_t low, std::int64_t high) const {
  if (value_.type != TomlValue::Type::integer) {
    wrong_type("an integer");
    return std::nullopt;
  }
  if (value_.integer >= low && value_.integer <= high) return value_.integer;
  report(fmt::format("`{}` is {}; it must be {} to {}, {}", key_, value_.integer, low, high,
                     for_example()));
  return std::nullopt;
}

void ConfigValue::boolean(bool& into) const {
  if (value_.type != TomlValue::Type::boolean) return wrong_type("true or false");
  into = value_.boolean;
}

void ConfigValue::duration(Duration& into, Duration low, Duration high,
                           std::string_view limits) const {
  const std::string* const text = string("a duration in quotes");
  if (text == nullptr) return;
  const auto parsed = parse_duration(*text);
  if (!parsed) {
    return report(
        fmt::format("`{}` is no duration: `{}`; write a number and one of ns, us, ms, s, "
                    "m, h, {}",
                    key_, printable(*text), for_example()));
  }
  if (*parsed < low || *parsed > high) {
    return report(fmt::format("`{}` is {}; it must be {}, {}", key_, format_duration(*parsed),
                              limits, for_example()));
  }
  into = *parsed;
}

const std::string* ConfigValue::string(std::string_view expected) const {
  if (value_.type == TomlValue::Type::string) return &value_.text;
  wrong_type(expected);
  return nullptr;
}

void ConfigValue::wrong_type(std::string_view expected) const {
  report(fmt::format("`{}` must be {}, not {}; {}", key_, expected, with_article(value_.type),
                     for_example()));
}

std::string ConfigValue::for_example() const {
  return fmt::format("for example `{} = {}`", key_, example_);
}

bool report_misplaced(const TomlValue& entry, std::string_view here, std::span<const KnownKey> keys,
                      Problems& problems) {
  for (const KnownKey& key : keys) {
    if (key.name != entry.key || key.section == here) continue;
    const std::string cure = key.section.empty()
                                 ? "put it above the first `[section]` line"
                                 : fmt::format("put it below the line `[{}]`", key.section);
    const std::string what =
        here.empty() ? fmt::format("`{}` stands outside of its section; {}", key.name, cure)
                     : fmt::format("`{}` does not belong to `[{}]`; {}", key.name, here, cure);
    problems.report(entry.key_at, what);
    return true;
  }
  return false;
}

void report_unknown(const TomlValue& entry, std::string_view noun,
                    std::span<const std::string_view> known, Problems& problems) {
  problems.report(entry.key_at, fmt::format("unknown {} `{}`; {}", noun, printable(entry.key),
                                            suggestion(entry.key, known)));
}

bool require_section(const TomlValue& entry, Problems& problems) {
  if (entry.is_section()) return true;
  problems.report(entry.key_at,
                  fmt::format("`{0}` must be a section, not {1}; write `[{0}]` and its keys below "
                              "it",
                              entry.key, with_article(entry.type)));
  return false;
}

}  // namespace piccolo
