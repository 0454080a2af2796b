#pragma once

// Errors and durations in log lines: `log.debug("Reading failed: {}", in_words(got.error()))`. They
// are put into words when the line is written, so not at all below the logger's level; `error_name`
// and `format_duration` would have made a string before the logger is asked.

#include <fmt/core.h>

#include <string_view>
#include <system_error>

#include "piccolo/core/time.hpp"

namespace piccolo {

template <class T>
struct InWords {
  T value;
};

// As `error_name` writes it.
inline InWords<std::error_code> in_words(const std::error_code& code) noexcept { return {code}; }
// As `format_duration` writes it.
inline InWords<Duration> in_words(Duration value) noexcept { return {value}; }

}  // namespace piccolo

template <>
struct fmt::formatter<piccolo::InWords<std::error_code>> : fmt::formatter<std::string_view> {
  auto format(const piccolo::InWords<std::error_code>& words, fmt::format_context& context) const
      -> fmt::format_context::iterator;
};

template <>
struct fmt::formatter<piccolo::InWords<piccolo::Duration>> : fmt::formatter<std::string_view> {
  auto format(const piccolo::InWords<piccolo::Duration>& words, fmt::format_context& context) const
      -> fmt::format_context::iterator;
};
