#pragma once

// One logger per node. The environment stamps each line with its own clock and the node's name.
// Below the level nothing is formatted.

#include <fmt/core.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace piccolo {

enum class LogLevel : std::uint8_t { trace, debug, info, warn, error, off };

std::string_view log_level_name(LogLevel level) noexcept;
std::optional<LogLevel> parse_log_level(std::string_view name) noexcept;

class Logger {
 public:
  bool enabled(LogLevel level) const noexcept { return level >= level_; }
  void set_level(LogLevel level) noexcept { level_ = level; }

  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::debug, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::info, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warn(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::warn, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::error, format, std::forward<Args>(args)...);
  }

  template <class... Args>
  void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(level)) format_and_write(level, format, fmt::make_format_args(args...));
  }

 protected:
  explicit Logger(LogLevel level) noexcept : level_(level) {}
  ~Logger() = default;
  Logger(const Logger&) = default;
  Logger& operator=(const Logger&) = default;

  // One line, without a newline.
  virtual void write(LogLevel level, std::string_view text) = 0;

 private:
  void format_and_write(LogLevel level, fmt::string_view format, fmt::format_args args);
  LogLevel level_;
};

}  // namespace piccolo
