#pragma once

// What reading a configuration needs to know of its text, apart from TOML's values.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace piccolo::detail {

// From 1; columns count characters, not bytes.
struct TextPosition {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

// Where `text` first has a key of more than `parts_max` parts ("a.b.c" has three). Every part is a
// table within a table, and toml++ destroys those recursively: enough dots overflow the stack.
std::optional<TextPosition> find_deep_key(std::string_view text, unsigned parts_max);

// Fit for one line of a message: control characters escaped, and "..." after so many characters.
std::string printable(std::string_view text, std::size_t characters_max = 60);

}  // namespace piccolo::detail
