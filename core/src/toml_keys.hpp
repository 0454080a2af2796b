#pragma once

// What must be known of a text before it may be read as TOML.

#include <optional>
#include <string_view>

#include "piccolo/core/toml.hpp"

namespace piccolo::detail {

// Where `text` first has a key of more than `parts_max` parts ("a.b.c" has three). Every part is a
// table within a table, and toml++ destroys those recursively: enough dots overflow the stack.
std::optional<TextPosition> find_deep_key(std::string_view text, unsigned parts_max);

}  // namespace piccolo::detail
