// Logs that nobody reads cost a branch: they are not formatted.

#include <fmt/format.h>

#include <string>
#include <vector>

#include "catch.hpp"
#include "piccolo/net_sim/world.hpp"

namespace {

// Notices when it is formatted.
struct Probe {
  int* formatted;
};

}  // namespace

template <>
struct fmt::formatter<Probe> : fmt::formatter<std::string_view> {
  auto format(const Probe& probe, fmt::format_context& context) const {
    ++*probe.formatted;
    return fmt::formatter<std::string_view>::format("probe", context);
  }
};

namespace piccolo::test {
namespace {

Task<void> talk(Env& env, int* formatted) {
  env.log.log(LogLevel::trace, "a {}", Probe{formatted});
  env.log.debug("b {}", Probe{formatted});
  env.log.info("c {}", Probe{formatted});
  env.log.warn("d {}", Probe{formatted});
  const auto slept = co_await env.clock.sleep_for(std::chrono::seconds(1));
  static_cast<void>(slept);
  env.log.error("e {}", Probe{formatted});
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
