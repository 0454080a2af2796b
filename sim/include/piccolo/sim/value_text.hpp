#pragma once

// Values as people read them in an explanation: 7, true, "text".

#include <concepts>
#include <string>
#include <string_view>

namespace piccolo::sim {

// In quotation marks; quotation marks, backslashes and control characters are escaped, so that the
// text is one line. Bytes above 127 are left alone (UTF-8).
std::string quoted(std::string_view text);

template <class Value>
concept PrintableValue =
    std::integral<Value> || std::convertible_to<const Value&, std::string_view>;

template <PrintableValue Value>
std::string value_text(const Value& value) {
  if constexpr (std::same_as<Value, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::integral<Value>) {
    return std::to_string(value);
  } else {
    return quoted(value);
  }
}

}  // namespace piccolo::sim
