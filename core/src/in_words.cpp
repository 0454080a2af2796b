#include "piccolo/core/in_words.hpp"

#include <algorithm>
#include <string>

#include "piccolo/core/error.hpp"

auto fmt::formatter<piccolo::InWords<std::error_code>>::format(
    const piccolo::InWords<std::error_code>& words, fmt::format_context& context) const
    -> fmt::format_context::iterator {
  return std::ranges::copy(piccolo::error_name(words.value), context.out()).out;
}

auto fmt::formatter<piccolo::InWords<piccolo::Duration>>::format(
    const piccolo::InWords<piccolo::Duration>& words, fmt::format_context& context) const
    -> fmt::format_context::iterator {
  return std::ranges::copy(piccolo::format_duration(words.value), context.out()).out;
}
