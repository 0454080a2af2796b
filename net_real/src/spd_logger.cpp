#include "spd_logger.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <array>

namespace piccolo::real {
namespace {

constexpr std::array spd_levels{spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
                                spdlog::level::warn,  spdlog::level::err,   spdlog::level::off};

}  // namespace

LogSink make_log_sink() {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  sink->set_pattern("[%Y-%m-%d %H:%M:%S.%e] [%^%l%$] [%n] %v");
  return sink;
}

SpdLogger::SpdLogger(const std::string& name, LogLevel level, const LogSink& sink,
                     const Clock& clock)
    : Logger(level), logger_(std::make_unique<spdlog::logger>(name, sink)), clock_(clock) {
  logger_->set_level(spdlog::level::trace);  // the base class has decided already
}

SpdLogger::~SpdLogger() = default;

void SpdLogger::write(LogLevel level, std::string_view text) {
  const auto since_epoch = clock_.wall_now().time_since_epoch();
  const spdlog::log_clock::time_point stamp(
      std::chrono::duration_cast<spdlog::log_clock::duration>(since_epoch));
  logger_->log(stamp, spdlog::source_loc(), spd_levels[static_cast<std::size_t>(level)],
               spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace piccolo::real
