#include "piccolo/core/node/config.hpp"

#include <limits>
#include <string>

#include "catch.hpp"

using namespace piccolo;
using namespace std::chrono_literals;

namespace {

NodeConfig parsed(std::string_view text) { return parse_config(text, "config.toml"); }

}  // namespace

TEST_CASE("config: nothing said means the original's values") {
  const auto* const text = GENERATE(as<const char*>(), "", "\n\n", "# only a comment",
                                    "[discovery]\n[timing]\n[limits]\n", "\xEF\xBB\xBF[discovery]");
  const NodeConfig config = parsed(text);
  CHECK(config.discovery.hosts.empty());
  CHECK(config.discovery.bind_host == "127.0.0.1");
  CHECK(config.discovery.bind_port == 19919);
  CHECK(config.timing.retry == 2s);
  CHECK(config.timing.retry_max == 2s);
  CHECK(config.timing.retry_jitter_percent == 10);
  CHECK(config.timing.hold == 5s);
  CHECK(config.timing.connect_timeout == 5s);
  CHECK(config.timing.reply_timeout == 5s);
  CHECK(config.timing.idle_timeout == 30s);
  CHECK(config.limits.message_bytes == 4);
  CHECK(config.limits.messages == 1);
  CHECK(config.limits.buffer_bytes == 4096);
  CHECK(config.limits.connections_max == 1024);
}

TEST_CASE("config: every key of [discovery] is read") {
  const NodeConfig config = parsed(R"(
[discovery]
hosts = [
  "127.0.0.1:19919",   # this node itself, perhaps
  'node-2.example:1',
  "[::1]:65535",
]
bind_host = "::"
bind_port = 0
)");
  CHECK(config.discovery.hosts == std::vector<HostPort>{HostPort("127.0.0.1", 19919),
                                                        HostPort("node-2.example", 1),
                                                        HostPort("::1", 65535)});
  CHECK(config.discovery.bind_host == "::");
  CHECK(config.discovery.bind_port == 0);
}

TEST_CASE("config: every key of [timing] is read") {
  const NodeConfig config = parsed(R"(
[timing]
retry = "100ms"
retry_max = "1.5s"
retry_jitter_percent = 0
hold = "0s"
connect_timeout = "1ns"
reply_timeout = "3m"
idle_timeout = "24h"
)");
  CHECK(config.timing.retry == 100ms);
  CHECK(config.timing.retry_max == 1500ms);
  CHECK(config.timing.retry_jitter_percent == 0);
  CHECK(config.timing.hold == 0s);
  CHECK(config.timing.connect_timeout == 1ns);
  CHECK(config.timing.reply_timeout == 3min);
  CHECK(config.timing.idle_timeout == 24h);
}

TEST_CASE("config: every key of [limits] is read, up to its limit") {
  const NodeConfig config = parsed(R"(
[limits]
message_bytes = 16_777_216
messages = 1_000_000
buffer_bytes = 0x1000000
connections_max = 1000000
)");
  CHECK(config.limits.message_bytes == 16 * 1024 * 1024);
  CHECK(config.limits.messages == 1'000'000);
  CHECK(config.limits.buffer_bytes == 16 * 1024 * 1024);
  CHECK(config.limits.connections_max == 1'000'000);
}

TEST_CASE("config: sections may be written as dotted keys or inline") {
  CHECK(parsed("discovery.bind_port = 5").discovery.bind_port == 5);
  CHECK(parsed("timing = { hold = \"7s\" }").timing.hold == 7s);
  CHECK(parsed("[ \"limits\" ]\r\n'messages' = 3\r\n").limits.messages == 3);
}

TEST_CASE("config: a longer retry alone raises retry_max with it") {
  CHECK(parsed("timing.retry = \"1s\"").timing.retry_max == 2s);
  CHECK(parsed("timing.retry = \"9s\"").timing.retry_max == 9s);
  CHECK(parsed("timing = { retry = \"9s\", retry_max = \"9s\" }").timing.retry_max == 9s);
}

TEST_CASE("config: bind_host takes addresses and names") {
  for (const char* host : {"0.0.0.0", "::", "::1", "fe80::1", "localhost", "node-1.example.org"}) {
    const std::string text = std::string("discovery.bind_host = \"") + host + "\"";
    CHECK(parsed(text).discovery.bind_host == host);
  }
}

TEST_CASE("config: the longest cycle is the sum of every step at its longest") {
  NodeConfig config;
  config.timing.connect_timeout = 1s;
  config.timing.reply_timeout = 10s;
  config.timing.hold = 100s;
  config.timing.retry_max = 1000s;
  config.limits.messages = 3;
  CHECK(longest_cycle(config) == 1s + 3 * 10s + 100s + 10s + 1000s);
  config.discovery.hosts = {HostPort("127.0.0.1", 1), HostPort("::1", 1)};
  CHECK(longest_cycle(config) == 1141s);
  config.discovery.hosts.emplace_back("localhost", 1);
  CHECK(longest_cycle(config) == 1142s);
  CHECK(longest_cycle(NodeConfig()) == 22s);
}

TEST_CASE("config: the longest cycle stops at the end of the range") {
  NodeConfig config;
  config.timing.reply_timeout = 24h;
  config.limits.messages = 1'000'000;
  CHECK(longest_cycle(config) == Duration::max());
  config = NodeConfig();
  config.timing.hold = Duration::max();
  CHECK(longest_cycle(config) == Duration::max());
  config = NodeConfig();
  config.limits.messages = std::numeric_limits<std::uint32_t>::max();
  CHECK(longest_cycle(config) > 0s);
}
