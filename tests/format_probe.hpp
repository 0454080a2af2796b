#pragma once

// An argument of a log line that notices when it is formatted.

#include <fmt/format.h>

#include <string_view>

namespace piccolo::test {

struct FormatProbe {
  int* formatted;
};

}  // namespace piccolo::test

template <>
struct fmt::formatter<piccolo::test::FormatProbe> : fmt::formatter<std::string_view> {
  auto format(const piccolo::test::FormatProbe& probe, fmt::format_context& context) const {
    ++*probe.formatted;
    return fmt::formatter<std::string_view>::format("probe", context);
  }
};
