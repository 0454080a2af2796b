#include "piccolo/core/logger.hpp"

#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "format_probe.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/in_words.hpp"

using namespace piccolo;
using namespace piccolo::test;

namespace {

class Recorder final : public Logger {
 public:
  explicit Recorder(LogLevel level) : Logger(level) {}
  std::vector<std::pair<LogLevel, std::string>> lines;

 private:
  void write(LogLevel level, std::string_view text) override { lines.emplace_back(level, text); }
};

}  // namespace

TEST_CASE("logger: each level writes one formatted line") {
  Recorder log(LogLevel::trace);
  log.debug("a {}", 1);
  log.info("b {} {}", "two", 3);
  log.warn("c");
  log.error("{{}}");
  log.log(LogLevel::trace, "t");
  CHECK(log.lines == std::vector<std::pair<LogLevel, std::string>>{{LogLevel::debug, "a 1"},
                                                                   {LogLevel::info, "b two 3"},
                                                                   {LogLevel::warn, "c"},
                                                                   {LogLevel::error, "{}"},
                                                                   {LogLevel::trace, "t"}});
}

TEST_CASE("logger: below its level it formats nothing") {
  int formatted = 0;
  Recorder log(LogLevel::warn);
  log.debug("{}", FormatProbe{&formatted});
  log.info("{}", FormatProbe{&formatted});
  CHECK(formatted == 0);
  CHECK(log.lines.empty());
  log.warn("{}", FormatProbe{&formatted});
  CHECK(formatted == 1);
  log.set_level(LogLevel::off);
  log.error("{}", FormatProbe{&formatted});
  CHECK(formatted == 1);
  CHECK(log.lines.size() == 1);
}

TEST_CASE("logger: errors and durations are written in words, when they are written") {
  Recorder log(LogLevel::warn);
  const std::error_code refused = std::make_error_code(std::errc::connection_refused);
  log.warn("{} and [{}]; again in {}", in_words(refused), in_words(Errc::end_of_stream),
           in_words(std::chrono::milliseconds(1500)));
  CHECK(log.lines ==
        std::vector<std::pair<LogLevel, std::string>>{
            {LogLevel::warn, "connection_refused and [end_of_stream]; again in 1.5s"}});
}

TEST_CASE("logger: knows which levels are enabled") {
  Recorder log(LogLevel::info);
  CHECK_FALSE(log.enabled(LogLevel::debug));
  CHECK(log.enabled(LogLevel::info));
  CHECK(log.enabled(LogLevel::error));
}

TEST_CASE("logger: long lines are written whole") {
  Recorder log(LogLevel::info);
  const std::string text(100'000, 'x');
  log.info("{}", text);
  CHECK(log.lines.front().second == text);
}

TEST_CASE("logger: names of levels are read back to the same level") {
  for (const LogLevel level : {LogLevel::trace, LogLevel::debug, LogLevel::info, LogLevel::warn,
                               LogLevel::error, LogLevel::off}) {
    CHECK(parse_log_level(log_level_name(level)) == level);
  }
  CHECK(log_level_name(LogLevel::warn) == "warn");
  CHECK_FALSE(parse_log_level("warning").has_value());
  CHECK_FALSE(parse_log_level("INFO").has_value());
  CHECK_FALSE(parse_log_level("").has_value());
}
