#pragma once

// Foreign text in messages.

#include <cstddef>
#include <string>
#include <string_view>

namespace piccolo {

// Fit for one line of a message: control characters escaped, and "..." after so many characters.
std::string printable(std::string_view text, std::size_t characters_max = 60);

// Has it characters that `printable` escapes?
bool has_control_characters(std::string_view text) noexcept;

}  // namespace piccolo
