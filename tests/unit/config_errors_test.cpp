// The exact text of every complaint about a configuration: place, fault and cure.

#include <string>
#include <string_view>

#include "catch.hpp"
#include "piccolo/core/node/config.hpp"
#include "toml_keys.hpp"

using namespace piccolo;

namespace {

std::string error(std::string_view text) {
  try {
    static_cast<void>(parse_config(text, "config.toml"));
  } catch (const ConfigError& problem) {
    return problem.what();
  }
  return "no error";
}

// The error of one key, in its section's second line, without the file's name.
std::string key_error(const std::string& section, const std::string& line) {
  const std::string text = error("[" + section + "]\n" + line + "\n");
  CHECK_THAT(text, Catch::Matchers::StartsWith("config.toml:2:"));
  return text.substr(std::string_view("config.toml:2:").size());
}

}  // namespace

TEST_CASE("config errors: an unknown key is answered with the one that was meant") {
  CHECK(key_error("discovery", "  bindhost = \"::\"") ==
        "3: unknown key `bindhost`; did you mean `bind_host`?");
  CHECK(key_error("timing", "retrymax = \"1s\"") ==
        "1: unknown key `retrymax`; did you mean `retry_max`?");
  CHECK(key_error("limits", "Messages = 1") ==
        "1: unknown key `Messages`; did you mean `messages`?");
}

TEST_CASE("config errors: an unknown key like no other is answered with what is known") {
  CHECK(key_error("discovery", "colour = 1") ==
        "1: unknown key `colour`; known are `hosts`, `bind_host` and `bind_port`");
  CHECK(key_error("limits", "\"\" = 1") ==
        "1: unknown key ``; known are `message_bytes`, `messages`, `buffer_bytes` and "
        "`connections_max`");
}

TEST_CASE("config errors: a key in the wrong section is sent to the right one") {
  CHECK(key_error("limits", "retry = \"1s\"") ==
        "1: `retry` does not belong to `[limits]`; put it below the line `[timing]`");
  CHECK(error("bind_port = 1") ==
        "config.toml:1:1: `bind_port` stands outside of its section; put it below the line "
        "`[discovery]`");
}

TEST_CASE("config errors: an unknown section is answered likewise") {
  CHECK(error("[discover]") ==
        "config.toml:1:2: unknown section `discover`; did you mean `discovery`?");
  CHECK(error("\n[network]\n") ==
        "config.toml:2:2: unknown section `network`; known are `discovery`, `timing` and `limits`");
}

TEST_CASE("config errors: a section must be a section") {
  CHECK(
      error("discovery = 4") ==
      "config.toml:1:1: `discovery` must be a section, not an integer; write `[discovery]` and its "
      "keys below it");
  CHECK(error("[[timing]]") ==
        "config.toml:1:3: `timing` must be a section, not a list; write `[timing]` and its keys "
        "below "
        "it");
}

TEST_CASE("config errors: a value of the wrong type names the right one") {
  CHECK(key_error("discovery", "bind_port = \"19919\"") ==
        "13: `bind_port` must be an integer, not a string; for example `bind_port = 19919`");
  CHECK(key_error("discovery", "bind_port = 19919.0") ==
        "13: `bind_port` must be an integer, not a number with a point; for example "
        "`bind_port = 19919`");
  CHECK(key_error("discovery", "bind_host = 127") ==
        "13: `bind_host` must be a string, not an integer; for example "
        "`bind_host = \"127.0.0.1\"`");
  CHECK(key_error("discovery", "hosts = \"127.0.0.1:1\"") ==
        "9: `hosts` must be a list of strings, not a string; for example "
        "`hosts = [\"127.0.0.1:19919\"]`");
  CHECK(key_error("timing", "retry = 2") ==
        "9: `retry` must be a duration in quotes, not an integer; for example `retry = \"2s\"`");
  CHECK(key_error("timing", "hold = 00:00:05") ==
        "8: `hold` must be a duration in quotes, not a time of day; for example `hold = \"5s\"`");
  CHECK(key_error("timing", "idle_timeout = true") ==
        "16: `idle_timeout` must be a duration in quotes, not true or false; for example "
        "`idle_timeout = \"30s\"`");
  CHECK(key_error("limits", "messages = {}") ==
        "12: `messages` must be an integer, not a section; for example `messages = 1`");
  CHECK(key_error("limits", "messages = 1979-05-27") ==
        "12: `messages` must be an integer, not a date; for example `messages = 1`");
  CHECK(key_error("limits", "messages = 1979-05-27T07:32:00Z") ==
        "12: `messages` must be an integer, not a date and time; for example `messages = 1`");
}

TEST_CASE("config errors: a number out of range names the range") {
  const auto out_of_range = [](const char* section, const std::string& key, const char* value,
                               const std::string& range) {
    const std::string text = key_error(section, key + " = " + value);
    INFO(key << " = " << value);
    CHECK_THAT(text, piccolo::test::contains_text("`" + key + "` is " + value + "; it must be " +
                                                  range + ", for example `"));
  };
  out_of_range("discovery", "bind_port", "-1", "0 to 65535");
  out_of_range("discovery", "bind_port", "65536", "0 to 65535");
  out_of_range("timing", "retry_jitter_percent", "-1", "0 to 100");
  out_of_range("timing", "retry_jitter_percent", "101", "0 to 100");
  for (const char* key : {"message_bytes", "buffer_bytes"}) {
    out_of_range("limits", key, "0", "1 to 16777216");
    out_of_range("limits", key, "16777217", "1 to 16777216");
  }
  for (const char* key : {"messages", "connections_max"}) {
    out_of_range("limits", key, "0", "1 to 1000000");
    out_of_range("limits", key, "1000001", "1 to 1000000");
    out_of_range("limits", key, "-9223372036854775808", "1 to 1000000");
    out_of_range("limits", key, "4294967297", "1 to 1000000");
  }
  CHECK(key_error("discovery", "bind_port = 70000") ==
        "13: `bind_port` is 70000; it must be 0 to 65535, for example `bind_port = 19919`");
}

TEST_CASE("config errors: a duration that is none, or out of range") {
  CHECK(
      key_error("timing", "retry = \"2 seconds\"") ==
      "9: `retry` is no duration: `2 seconds`; write a number and one of ns, us, ms, s, m, h, for "
      "example `retry = \"2s\"`");
  CHECK(key_error("timing", "retry = \"-2s\"") ==
        "9: `retry` is no duration: `-2s`; write a number and one of ns, us, ms, s, m, h, for "
        "example `retry = \"2s\"`");
  CHECK(key_error("timing", "hold = \"25h\"") ==
        "8: `hold` is 90000s; it must be 0s to 24h, for example `hold = \"5s\"`");
  for (const char* key :
       {"retry", "retry_max", "connect_timeout", "reply_timeout", "idle_timeout"}) {
    for (const char* value : {"0s", "25h"}) {
      const std::string text = key_error("timing", std::string(key) + " = \"" + value + "\"");
      CHECK_THAT(text, piccolo::test::contains_text("it must be more than 0s, up to 24h"));
    }
  }
}

TEST_CASE("config errors: retry_max below retry") {
  CHECK(error("[timing]\nretry = \"5s\"\nretry_max = \"4s\"\n") ==
        "config.toml:3:13: `retry_max` is 4s, less than `retry`, which is 5s; raise `retry_max` or "
        "lower `retry`");
  CHECK(error("timing.retry_max = \"1s\"") ==
        "config.toml:1:20: `retry_max` is 1s, less than `retry`, which is 2s; raise `retry_max` or "
        "lower `retry`");
}

TEST_CASE("config errors: a bad entry of hosts is located within the list") {
  CHECK(
      error("[discovery]\nhosts = [\n  \"localhost:1\",\n  \"localhost\",\n]\n") ==
      "config.toml:4:3: `localhost` is not `host:port`; write a name or an address and a port from "
      "1 to 65535, for example `10.0.0.1:19919` or `[::1]:19919`");
  CHECK(key_error("discovery", "hosts = [\"a:1\", 19919]") ==
        "17: `hosts` must hold strings, not an integer; for example "
        "`hosts = [\"127.0.0.1:19919\"]`");
  for (const char* host : {"a:0", "a:65536", "::1:80", "1.2.3:80", "a b:80", "[::1]", ":80"}) {
    CHECK_THAT(key_error("discovery", std::string("hosts = [\"") + host + "\"]"),
               Catch::Matchers::StartsWith(std::string("10: `") + host + "` is not `host:port`; "));
  }
}

TEST_CASE("config errors: bind_host is an address or a name, nothing around it") {
  CHECK(
      key_error("discovery", "bind_host = \"localhost:19919\"") ==
      "13: `bind_host` is neither an address nor a host name: `localhost:19919`; write it without "
      "port and brackets, for example `bind_host = \"127.0.0.1\"`");
  for (const char* host : {"", "[::1]", "1.2.3", "a b", "höst", "a\\u0000b", "127.0.0.1\\n"}) {
    CHECK_THAT(key_error("discovery", std::string("bind_host = \"") + host + "\""),
               piccolo::test::contains_text("is neither an address nor a host name"));
  }
}

TEST_CASE("config errors: the first in the file is reported, whatever the order of the names") {
  CHECK_THAT(error("[timing]\nzeal = 1\n[discovery]\nbind_port = -1\n"),
             Catch::Matchers::StartsWith("config.toml:2:1: unknown key `zeal`"));
  CHECK_THAT(error("[limits]\nmessages = 0\nbuffer_bytes = 0\n"),
             Catch::Matchers::StartsWith("config.toml:2:12: `messages`"));
}

TEST_CASE("config errors: what is not TOML is located and stays one line") {
  const std::string cure = "; write `[section]` lines, and `key = value` lines below them";
  CHECK(error("[discovery]\nbind_port = 1\nbind_port = 2\n") ==
        "config.toml:3:13: not valid TOML: error while parsing key-value pair: cannot redefine "
        "existing integer 'bind_port'" +
            cure);
  CHECK_THAT(error("[discovery"),
             Catch::Matchers::StartsWith("config.toml:1:11: not valid TOML: "));
  CHECK_THAT(error("[timing]\n\nretry = \n"),
             Catch::Matchers::StartsWith("config.toml:3:9: not valid TOML: "));
  CHECK_THAT(error("[discovery]\nbind_host = \"a\nb\"\n"),
             Catch::Matchers::StartsWith("config.toml:2:15: not valid TOML: "));
  CHECK_THAT(error("[discovery]\n[discovery]\n"), Catch::Matchers::StartsWith("config.toml:2:"));
  CHECK_THAT(error("timing.hold = 99999999999999999999"),
             Catch::Matchers::StartsWith("config.toml:1:"));
}

TEST_CASE("config errors: bytes that are no text") {
  CHECK_THAT(error(std::string_view("\0", 1)), Catch::Matchers::StartsWith("config.toml:1:1: "));
  CHECK_THAT(error(std::string_view("[\n(\0", 4)), Catch::Matchers::StartsWith("config.toml:1:"));
  CHECK_THAT(error("\xFF\xFE"), Catch::Matchers::StartsWith("config.toml:1:1: "));
  CHECK_THAT(error("# \xC3"), Catch::Matchers::StartsWith("config.toml:1:"));
  CHECK_THAT(error("a = \"\xED\xA0\x80\""), Catch::Matchers::StartsWith("config.toml:1:"));
}

TEST_CASE("config errors: endless names and nesting") {
  std::string dots = "[";
  for (int index = 0; index < 500'000; ++index) dots += "a.";
  const std::string too_deep =
      ": a key of more than 8 parts; write `[section]` lines, and `key = value` lines below them";
  CHECK(error(dots + "a]") == "config.toml:1:17" + too_deep);
  CHECK(error("x = 1\n" + dots.substr(1) + "a = 1") == "config.toml:2:16" + too_deep);
  CHECK_THAT(error("a = " + std::string(500'000, '[')),
             Catch::Matchers::StartsWith("config.toml:1:"));
  CHECK(error("[" + std::string(1'000'000, 'a') + "]") ==
        "config.toml:1:2: unknown section `" + std::string(60, 'a') +
            "...`; known are `discovery`, `timing` and `limits`");
}

TEST_CASE("config errors: control characters in names are shown, not sent to the terminal") {
  CHECK_THAT(error("\"a\\nb\\u001b\\u009b\" = 1"),
             Catch::Matchers::StartsWith(
                 "config.toml:1:1: unknown section `a\\nb\\x1b\\u009b`; known are "));
}

TEST_CASE("config text: dots count only within one key, outside of strings and comments") {
  using detail::find_deep_key;
  CHECK_FALSE(find_deep_key("a.b.c = 1.2\n[a.b.c]\nx = [1.5, 2.5, 3.5]\n", 3).has_value());
  CHECK_FALSE(find_deep_key("# a.b.c.d\nx = \"a.b.c.d\" # e.f.g.h", 3).has_value());
  CHECK_FALSE(find_deep_key("x = '''\na.b.c.d\n''''' \ny = \"\"\"\"a.b.c.d\"\"\"", 3).has_value());
  CHECK_FALSE(find_deep_key("x = \"\\\".\\\\.a.b.c\"", 3).has_value());
  const auto deep = find_deep_key("x = 1\n \"é\" . 'b' . c . d = 1", 3);
  REQUIRE(deep);
  CHECK(deep->line == 2);
  CHECK(deep->column == 16);
  CHECK(find_deep_key("x = [\"\"\"\n\"\"\", {a.b.c.d = 1}]", 3).has_value());
  CHECK(find_deep_key("\"unterminated\n[a.b.c.d]", 3).has_value());
}
