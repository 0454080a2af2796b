// Logs that nobody reads cost a branch: they are not formatted.

#include <string>
#include <vector>

#include "catch.hpp"
#include "format_probe.hpp"
#include "piccolo/net_sim/world.hpp"

namespace piccolo::test {
namespace {

Task<void> talk(Env& env, int* formatted) {
  env.log.log(LogLevel::trace, "a {}", FormatProbe{formatted});
  env.log.debug("b {}", FormatProbe{formatted});
  env.log.info("c {}", FormatProbe{formatted});
  env.log.warn("d {}", FormatProbe{formatted});
  const auto slept = co_await env.clock.sleep_for(std::chrono::seconds(1));
  static_cast<void>(slept);
  env.log.error("e {}", FormatProbe{formatted});
}

struct Heard final : Observer {
  void logged(ProcessId, LogLevel, std::string_view text) override { lines.emplace_back(text); }
  std::vector<std::string> lines;
};

struct Talk {
  explicit Talk(const WorldOptions& options) {
    World world(1, options);
    world.add_observer(heard);
    const HostId host = world.add_host("host");
    const ProcessId process =
        world.add_process(host, "talker", [this](Env& env) { return talk(env, &formatted); });
    world.start(process);
    world.run_until_idle();
  }
  Heard heard;
  int formatted = 0;
};

}  // namespace

TEST_CASE("logs are off by default, and then nothing is formatted although somebody listens") {
  const Talk talk{WorldOptions()};
  CHECK(talk.formatted == 0);
  CHECK(talk.heard.lines.empty());
}

TEST_CASE("of a simulated program's logs, those below the level are not formatted") {
  WorldOptions options;
  options.log_level = LogLevel::warn;
  const Talk some(options);
  CHECK(some.formatted == 2);
  CHECK(some.heard.lines == std::vector<std::string>{"d probe", "e probe"});
  options.log_level = LogLevel::trace;
  CHECK(Talk(options).formatted == 5);
}

}  // namespace piccolo::test
