#include "piccolo/core/logger.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace piccolo {
namespace {

constexpr std::array<std::string_view, 6> names{"trace", "debug", "info", "warn", "error", "off"};

}  // namespace

std::string_view log_level_name(LogLevel level) noexcept {
  return names[static_cast<std::size_t>(level)];
}

std::optional<LogLevel> parse_log_level(std::string_view name) noexcept {
  for (std::size_t index = 0; index < names.size(); ++index) {
    if (names[index] == name) return static_cast<LogLevel>(index);
  }
  return std::nullopt;
}

void Logger::format_and_write(LogLevel level, fmt::string_view format, fmt::format_args args) {
  fmt::memory_buffer line;
  fmt::vformat_to(std::back_inserter(line), format, args);
  write(level, std::string_view(line.data(), line.size()));
}

}  // namespace piccolo
