// Whatever the bytes, the configuration is read or refused by one line that says where.

#include <optional>
#include <string>
#include <vector>

#include "piccolo/core/node/config.hpp"
#include "piccolo/core/printable.hpp"
#include "property.hpp"

using namespace piccolo;

namespace {

const std::string valid = R"(# a node
[discovery]
hosts = ["127.0.0.1:19919", "[::1]:19920", 'localhost:1']
bind_host = "0.0.0.0"
bind_port = 19919

[timing]
retry = "100ms"
retry_max = "2s"
retry_jitter_percent = 10
hold = "5s"
connect_timeout = "5s"
reply_timeout = "5s"
idle_timeout = "30s"

[limits]
message_bytes = 4
messages = 1
buffer_bytes = 4096
connections_max = 1024
)";

// Throws rapidcheck's failure unless the outcome is one of the two that are promised.
void check_outcome(const std::string& text) {
  std::optional<std::string> error;
  try {
    const NodeConfig config = parse_config(text, "some file.toml");
    RC_ASSERT(config.timing.retry > Duration::zero());
    RC_ASSERT(config.timing.retry_max >= config.timing.retry);
    RC_ASSERT(longest_cycle(config) > Duration::zero());
  } catch (const ConfigError& problem) {
    error = problem.what();
  }
  if (!error) return;
  RC_LOG() << *error << "\n";
  const std::string source = "some file.toml:";
  RC_ASSERT(error->starts_with(source));
  RC_ASSERT(error->find('\n') == std::string::npos);
  RC_ASSERT(error->find('\0') == std::string::npos);
  RC_ASSERT(error->size() < 1000U);
  // line:column: text
  std::size_t at = source.size();
  for (int number = 0; number < 2; ++number) {
    const std::size_t end = error->find_first_not_of("0123456789", at);
    RC_ASSERT(end != at);
    RC_ASSERT(error->at(end) == ':');
    RC_ASSERT(error->at(at) != '0');
    at = end + 1;
  }
  RC_ASSERT(error->at(at) == ' ');
  RC_ASSERT(error->find("; ") != std::string::npos);
}

rc::Gen<std::string> toml_soup() {
  const auto piece = rc::gen::elementOf(std::vector<std::string>{
      "[",      "]",          "[[",        "]]",         "{",      "}",       "=",    ".",
      ",",      "\"",         "'",         "'''",        "#",      "\n",      "\r\n", " ",
      "\t",     "\\",         "\"\"\"",    "hosts",      "retry",  "hold",    "true", "discovery",
      "timing", "limits",     "bind_port", "19919",      "\"2s\"", "-1",      "0x",   "1e9",
      "inf",    "nan",        "\\u",       "1979-05-27", "07:32",  "\"a:1\"", "é",    "\xFF",
      "\x01",   "[timing]\n", "\nretry = "});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& one : pieces) text += one;
                        return text;
                      });
}

// One random edit of the kind that a person or a bad disk makes.
std::string mutated(std::string text) {
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      return text.substr(0, at);
    case 1:
      return text.erase(at, *rc::gen::inRange<std::size_t>(1, 20));
    case 2:
      return text.insert(at, 1, *rc::gen::arbitrary<char>());
    case 3:
      return text.insert(at, *toml_soup());
    case 4:
      return text.insert(at, text.substr(at, *rc::gen::inRange<std::size_t>(1, 80)));
    default:
      if (at < text.size()) text[at] = *rc::gen::arbitrary<char>();
      return text;
  }
}

}  // namespace

TEST_CASE("config: the valid file that the properties start from is valid") {
  CHECK_NOTHROW(parse_config(valid, "valid.toml"));
}

TEST_CASE("config: any bytes are read or refused by one line") {
  rc::prop("random bytes",
           [] { check_outcome(*rc::gen::container<std::string>(rc::gen::arbitrary<char>())); });
  rc::prop("pieces of TOML in any order", [] { check_outcome(*toml_soup()); });
  rc::prop("a valid file with a few mistakes", [] {
    std::string text = valid;
    const auto edits = *rc::gen::inRange(1, 5);
    for (int edit = 0; edit < edits; ++edit) text = mutated(text);
    check_outcome(text);
  });
}

TEST_CASE("config: any text is printable in one line of limited length") {
  rc::prop("printable", [](const std::string& text) {
    const std::string line = printable(text, 10);
    for (const char c : line) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20);
    RC_ASSERT(line.find("\x7f") == std::string::npos);
  });
  rc::prop("what is harmless and short stays as it is", [] {
    const auto letter = rc::gen::elementOf(std::string("abc xyz-_.[]'\""));
    const std::string text = *rc::gen::container<std::string>(letter);
    RC_PRE(text.size() <= 60U);
    RC_ASSERT(printable(text) == text);
  });
}
