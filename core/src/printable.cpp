#include "piccolo/core/printable.hpp"

#include <fmt/format.h>

namespace piccolo {
namespace {

bool continues_character(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// U+0080 to U+009F: terminals obey some of them.
bool is_wide_control(std::string_view text) noexcept {
  return text.size() >= 2 && static_cast<unsigned char>(text[0]) == 0xC2 &&
         static_cast<unsigned char>(text[1]) < 0xA0;
}

}  // namespace

std::string printable(std::string_view text, std::size_t characters_max) {
  std::string result;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (!continues_character(c) && ++characters > characters_max) return result + "...";
    if (c == '\n') {
      result += "\\n";
    } else if (is_control(c)) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else if (is_wide_control(text.substr(at))) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned char>(text[++at]));
    } else {
      result += c;
    }
  }
  return result;
}

bool has_control_characters(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_control(text[at]) || is_wide_control(text.substr(at))) return true;
  }
  return false;
}

}  // namespace piccolo
