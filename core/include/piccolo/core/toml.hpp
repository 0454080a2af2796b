#pragma once

// TOML as a tree of plain values that know where they stand, whatever the bytes: no text crashes
// it, however deep, long or broken.

#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace piccolo {

// From 1; columns count characters, not bytes.
struct TextPosition {
  std::uint32_t line = 1;
  std::uint32_t column = 1;

  auto operator<=>(const TextPosition&) const = default;
};

struct TomlValue {
  enum class Type : std::uint8_t {
    section,
    list,
    string,
    integer,
    decimal,
    boolean,
    date,
    time,
    date_time,
  };

  Type type = Type::section;
  TextPosition at;  // of the value
  // In a section:
  std::string key;
  TextPosition key_at;
  // The value of the type; of decimals and times, which nothing here takes, there is none.
  std::string text;
  std::int64_t integer = 0;
  bool boolean = false;
  std::vector<TomlValue> items;  // of a section in the order of their keys in the text

  bool is_section() const noexcept { return type == Type::section; }
  // In a section; null when there is none.
  const TomlValue* find(std::string_view name) const noexcept;
};

// "a section", "an integer"
std::string_view with_article(TomlValue::Type type) noexcept;

struct TextError {
  TextPosition at;
  std::string what;  // one line
};

// The root. A key has no more than `toml_key_parts_max` parts.
inline constexpr unsigned toml_key_parts_max = 8;
std::expected<TomlValue, TextError> parse_toml(std::string_view text);

}  // namespace piccolo
