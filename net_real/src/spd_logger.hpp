#pragma once

// Log lines to standard error, through spdlog.

#include <memory>
#include <string>

#include "piccolo/core/clock.hpp"
#include "piccolo/core/logger.hpp"

// NOLINTBEGIN(readability-identifier-naming): spdlog's names
namespace spdlog {
class logger;
namespace sinks {
class sink;
}
}  // namespace spdlog
// NOLINTEND(readability-identifier-naming)

namespace piccolo::real {

using LogSink = std::shared_ptr<spdlog::sinks::sink>;

// Standard error, in colour on a terminal; may be shared by threads.
LogSink make_log_sink();

class SpdLogger final : public Logger {
 public:
  // `clock` stamps the lines and outlives the logger.
  SpdLogger(const std::string& name, LogLevel level, const LogSink& sink, const Clock& clock);
  ~SpdLogger();
  SpdLogger(const SpdLogger&) = delete;
  SpdLogger& operator=(const SpdLogger&) = delete;

 private:
  void write(LogLevel level, std::string_view text) override;

  std::unique_ptr<spdlog::logger> logger_;
  const Clock& clock_;
};

}  // namespace piccolo::real
