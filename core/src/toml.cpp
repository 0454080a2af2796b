#include "piccolo/core/toml.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "piccolo/core/printable.hpp"
#include "toml_keys.hpp"

namespace piccolo {
namespace {

TextPosition position(const toml::source_region& where) {
  return {where.begin.line, where.begin.column};
}

TomlValue::Type type_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::array:
      return TomlValue::Type::list;
    case toml::node_type::string:
      return TomlValue::Type::string;
    case toml::node_type::integer:
      return TomlValue::Type::integer;
    case toml::node_type::floating_point:
      return TomlValue::Type::decimal;
    case toml::node_type::boolean:
      return TomlValue::Type::boolean;
    case toml::node_type::date:
      return TomlValue::Type::date;
    case toml::node_type::time:
      return TomlValue::Type::time;
    case toml::node_type::date_time:
      return TomlValue::Type::date_time;
    case toml::node_type::table:
    case toml::node_type::none:
      break;
  }
  return TomlValue::Type::section;
}

// As deep as toml++ nests values, which is 256 at most, and keys.
TomlValue converted(const toml::node& node) {
  TomlValue value;
  value.type = type_of(node);
  value.at = position(node.source());
  if (const auto* const text = node.as_string()) value.text = text->get();
  if (const auto* const integer = node.as_integer()) value.integer = integer->get();
  if (const auto* const boolean = node.as_boolean()) value.boolean = boolean->get();
  if (const auto* const list = node.as_array()) {
    for (const toml::node& item : *list) value.items.push_back(converted(item));
  }
  if (const auto* const table = node.as_table()) {
    for (const auto& [key, item] : *table) {
      TomlValue& entry = value.items.emplace_back(converted(item));
      entry.key = key.str();
      entry.key_at = position(key.source());
    }
    // toml++ has them in the order of their names.
    std::ranges::sort(value.items, {}, &TomlValue::key_at);
  }
  return value;
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view name) const noexcept {
  if (!is_section()) return nullptr;
  const auto found = std::ranges::find(items, name, &TomlValue::key);
  return found == items.end() ? nullptr : &*found;
}

std::string_view with_article(TomlValue::Type type) noexcept {
  switch (type) {
    case TomlValue::Type::section:
      return "a section";
    case TomlValue::Type::list:
      return "a list";
    case TomlValue::Type::string:
      return "a string";
    case TomlValue::Type::integer:
      return "an integer";
    case TomlValue::Type::decimal:
      return "a number with a point";
    case TomlValue::Type::boolean:
      return "true or false";
    case TomlValue::Type::date:
      return "a date";
    case TomlValue::Type::time:
      return "a time of day";
    case TomlValue::Type::date_time:
      return "a date and time";
  }
  return "nothing";
}

std::expected<TomlValue, TextError> parse_toml(std::string_view text) {
  if (const auto deep = detail::find_deep_key(text, toml_key_parts_max)) {
    return std::unexpected(
        TextError(*deep, fmt::format("a key of more than {} parts; write `[section]` lines, and "
                                     "`key = value` lines below them",
                                     toml_key_parts_max)));
  }
  try {
    return converted(toml::parse(text));
  } catch (const toml::parse_error& error) {
    std::string what = printable(error.description(), 200);
    if (what.starts_with('E')) what[0] = 'e';
    return std::unexpected(
        TextError(position(error.source()),
                  fmt::format("not valid TOML: {}; write `[section]` lines, and `key = value` "
                              "lines below them",
                              what)));
  }
}

}  // namespace piccolo
