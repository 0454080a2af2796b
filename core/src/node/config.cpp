#include "piccolo/core/node/config.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config_text.hpp"
#include "piccolo/core/suggest.hpp"

namespace piccolo {
namespace {

using std::chrono::hours;

constexpr Duration longest_wait = hours(24);
constexpr unsigned key_parts_max = 8;

// The error that stands first in the text: tables are read in the order of their names.
class Problems {
 public:
  void report(const toml::source_region& where, std::string what) {
    const auto& at = where.begin;
    if (!what_.empty() && std::pair(line_, column_) <= std::pair(at.line, at.column)) return;
    line_ = at.line;
    column_ = at.column;
    what_ = std::move(what);
  }

  void raise(std::string_view source_name) const {
    if (what_.empty()) return;
    throw ConfigError(fmt::format("{}:{}:{}: {}", source_name, line_, column_, what_));
  }

 private:
  toml::source_index line_ = 0;
  toml::source_index column_ = 0;
  std::string what_;
};

std::string_view with_article(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a section";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a number with a point";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::date:
      return "a date";
    case toml::node_type::time:
      return "a time of day";
    case toml::node_type::date_time:
      return "a date and time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

// One key's value in the text. Each function stores what it is, or reports what is wrong with it.
class Value {
 public:
  Value(const toml::node& node, std::string_view key, std::string_view example, Problems& problems)
      : node_(node), key_(key), example_(example), problems_(problems) {}

  template <class Integer>
  void integer(Integer& into, std::int64_t low, std::int64_t high) const {
    const auto* const value = node_.as_integer();
    if (value == nullptr) return wrong_type("an integer");
    if (value->get() < low || value->get() > high) {
      return report(fmt::format("`{}` is {}; it must be {} to {}, for example `{} = {}`", key_,
                                value->get(), low, high, key_, example_));
    }
    into = static_cast<Integer>(value->get());
  }

  void duration(Duration& into, Duration low) const {
    const auto* const value = node_.as_string();
    if (value == nullptr) return wrong_type("a duration in quotes");
    const auto parsed = parse_duration(value->get());
    if (!parsed) {
      return report(
          fmt::format("`{}` is no duration: `{}`; write a number and one of ns, us, ms, s, m, h, "
                      "for example `{} = {}`",
                      key_, detail::printable(value->get()), key_, example_));
    }
    if (*parsed < low || *parsed > longest_wait) {
      return report(fmt::format(
          "`{}` is {}; it must be {} 24h, for example `{} = {}`", key_, format_duration(*parsed),
          low > low.zero() ? "more than 0s, up to" : "0s to", key_, example_));
    }
    into = *parsed;
  }

  void host(std::string& into) const {
    const auto* const value = node_.as_string();
    if (value == nullptr) return wrong_type("a string");
    const std::string& text = value->get();
    // A colon is an IPv6 address or a mistake; the rest is what may stand before ":port".
    const bool fits = text.find(':') != std::string::npos
                          ? Address::parse(text).has_value()
                          : HostPort::parse(text + ":1").has_value();
    if (!fits) {
      return report(
          fmt::format("`{}` is neither an address nor a host name: `{}`; write it without "
                      "port and brackets, for example `{} = {}`",
                      key_, detail::printable(text), key_, example_));
    }
    into = text;
  }

  void hosts(std::vector<HostPort>& into) const {
    const auto* const list = node_.as_array();
    if (list == nullptr) return wrong_type("a list of strings");
    for (const toml::node& element : *list) {
      const auto* const text = element.as_string();
      if (text == nullptr) {
        problems_.report(element.source(),
                         fmt::format("`{}` must hold strings, not {}; for example `{} = {}`", key_,
                                     with_article(element.type()), key_, example_));
        continue;
      }
      auto parsed = HostPort::parse(text->get());
      if (parsed) {
        into.push_back(*std::move(parsed));
      } else {
        problems_.report(
            element.source(),
            fmt::format("`{}` is not `host:port`; write a name or an address and a port "
                        "from 1 to 65535, for example `10.0.0.1:19919` or `[::1]:19919`",
                        detail::printable(text->get())));
      }
    }
  }

 private:
  void report(std::string what) const { problems_.report(node_.source(), std::move(what)); }
  void wrong_type(std::string_view expected) const {
    report(fmt::format("`{}` must be {}, not {}; for example `{} = {}`", key_, expected,
                       with_article(node_.type()), key_, example_));
  }

  const toml::node& node_;
  std::string_view key_;
  std::string_view example_;
  Problems& problems_;
};

struct Key {
  std::string_view section;
  std::string_view name;
  std::string_view example;
  void (*read)(const Value& value, NodeConfig& config);
};

constexpr Duration positive = Duration(1);
constexpr std::int64_t mebibytes_16 = 16 << 20;

// Everything a configuration may say.
constexpr std::array keys{
    Key{"discovery", "hosts", R"(["127.0.0.1:19919"])",
        [](const Value& value, NodeConfig& config) { value.hosts(config.discovery.hosts); }},
    Key{"discovery", "bind_host", R"("127.0.0.1")",
        [](const Value& value, NodeConfig& config) { value.host(config.discovery.bind_host); }},
    Key{"discovery", "bind_port", "19919",
        [](const Value& value, NodeConfig& config) {
          value.integer(config.discovery.bind_port, 0, 65535);
        }},
    Key{"timing", "retry", R"("2s")",
        [](const Value& value, NodeConfig& config) {
          value.duration(config.timing.retry, positive);
        }},
    Key{"timing", "retry_max", R"("2s")",
        [](const Value& value, NodeConfig& config) {
          value.duration(config.timing.retry_max, positive);
        }},
    Key{"timing", "retry_jitter_percent", "10",
        [](const Value& value, NodeConfig& config) {
          value.integer(config.timing.retry_jitter_percent, 0, 100);
        }},
    Key{"timing", "hold", R"("5s")",
        [](const Value& value, NodeConfig& config) {
          value.duration(config.timing.hold, Duration::zero());
        }},
    Key{"timing", "connect_timeout", R"("5s")",
        [](const Value& value, NodeConfig& config) {
          value.duration(config.timing.connect_timeout, positive);
        }},
    Key{"timing", "reply_timeout", R"("5s")",
        [](const Value& value, NodeConfig& config) {
          value.duration(config.timing.reply_timeout, positive);
        }},
    Key{"timing", "idle_timeout", R"("30s")",
        [](const Value& value, NodeConfig& config) {
          value.duration(config.timing.idle_timeout, positive);
        }},
    Key{"limits", "message_bytes", "4",
        [](const Value& value, NodeConfig& config) {
          value.integer(config.limits.message_bytes, 1, mebibytes_16);
        }},
    Key{"limits", "messages", "1",
        [](const Value& value, NodeConfig& config) {
          value.integer(config.limits.messages, 1, 1'000'000);
        }},
    Key{"limits", "buffer_bytes", "4096",
        [](const Value& value, NodeConfig& config) {
          value.integer(config.limits.buffer_bytes, 1, mebibytes_16);
        }},
    Key{"limits", "connections_max", "1024",
        [](const Value& value, NodeConfig& config) {
          value.integer(config.limits.connections_max, 1, 1'000'000);
        }},
};

constexpr std::array<std::string_view, 3> sections{"discovery", "timing", "limits"};

void report_unknown_section(const toml::key& name, const toml::node& value, Problems& problems) {
  for (const Key& key : keys) {
    if (key.name != name.str() || value.is_table()) continue;
    return problems.report(name.source(), fmt::format("`{}` stands outside of its section; put it "
                                                      "below the line `[{}]`",
                                                      key.name, key.section));
  }
  problems.report(name.source(),
                  fmt::format("unknown section `{}`; {}", detail::printable(name.str()),
                              suggestion(name.str(), sections)));
}

void report_unknown_key(const toml::key& name, std::string_view section, Problems& problems) {
  std::vector<std::string_view> known;
  for (const Key& key : keys) {
    if (key.section == section) {
      known.push_back(key.name);
    } else if (key.name == name.str()) {
      return problems.report(name.source(),
                             fmt::format("`{}` does not belong to `[{}]`; put it below "
                                         "the line `[{}]`",
                                         key.name, section, key.section));
    }
  }
  problems.report(name.source(), fmt::format("unknown key `{}`; {}", detail::printable(name.str()),
                                             suggestion(name.str(), known)));
}

void read_section(std::string_view section, const toml::table& table, NodeConfig& config,
                  Problems& problems) {
  for (const auto& [name, node] : table) {
    const Key* found = nullptr;
    for (const Key& key : keys) {
      if (key.section == section && key.name == name.str()) found = &key;
    }
    if (found == nullptr) {
      report_unknown_key(name, section, problems);
    } else {
      found->read(Value(node, found->name, found->example, problems), config);
    }
  }
}

// `retry_max` unless given is no less than `retry`, so that one key is enough to slow down retries.
void settle_retry_max(const toml::table& root, NodeConfig& config, Problems& problems) {
  TimingConfig& timing = config.timing;
  if (timing.retry_max >= timing.retry) return;
  const toml::node* const given = root["timing"]["retry_max"].node();
  if (given == nullptr) {
    timing.retry_max = timing.retry;
    return;
  }
  problems.report(
      given->source(),
      fmt::format("`retry_max` is {}, less than `retry`, which is {}; raise `retry_max` or "
                  "lower `retry`",
                  format_duration(timing.retry_max), format_duration(timing.retry)));
}

toml::table parse_toml(std::string_view text, std::string_view source_name) {
  Problems problems;
  if (const auto deep = detail::find_deep_key(text, key_parts_max)) {
    const toml::source_position at{deep->line, deep->column};
    problems.report({at, at, nullptr},
                    fmt::format("a key of more than {} parts; no key here has more than two, as in "
                                "`discovery.hosts`",
                                key_parts_max));
    problems.raise(source_name);
  }
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    std::string what = detail::printable(error.description(), 200);
    if (what.starts_with('E')) what[0] = 'e';
    problems.report(
        error.source(),
        fmt::format("not valid TOML: {}; write `[section]` lines, and `key = value` lines "
                    "below them",
                    what));
  }
  problems.raise(source_name);
  std::unreachable();
}

}  // namespace

NodeConfig parse_config(std::string_view text, std::string_view source_name) {
  const toml::table root = parse_toml(text, source_name);
  NodeConfig config;
  Problems problems;
  for (const auto& [name, node] : root) {
    std::optional<std::string_view> section;
    for (const std::string_view known : sections) {
      if (known == name.str()) section = known;
    }
    if (!section) {
      report_unknown_section(name, node, problems);
    } else if (const toml::table* const table = node.as_table()) {
      read_section(*section, *table, config, problems);
    } else {
      problems.report(
          name.source(),
          fmt::format("`{}` must be a section, not {}; write `[{}]` and its keys below it",
                      *section, with_article(node.type()), *section));
    }
  }
  settle_retry_max(root, config, problems);
  problems.raise(source_name);
  return config;
}

// One round of a peer's life, every step at its longest:
//   connect_timeout + messages * reply_timeout + hold + reply_timeout + retry_max
// that is: connecting; each message and its echo; holding; draining after `shutdown_send`; the
// wait for the next try. A step that fails skips those between it and the wait, so no round is
// longer, and from any point within it the next attempt is less than a round away. Hosts that are
// names are looked up first, for up to `connect_timeout` once more.
Duration longest_cycle(const NodeConfig& config) noexcept {
  const TimingConfig& timing = config.timing;
  std::int64_t replies = 0;
  const std::int64_t waits = std::int64_t{config.limits.messages} + 1;
  if (__builtin_mul_overflow(timing.reply_timeout.count(), waits, &replies)) {
    return Duration::max();
  }
  const auto& hosts = config.discovery.hosts;
  const bool lookups = std::any_of(hosts.begin(), hosts.end(), [](const HostPort& host) {
    return !Address::parse(host.host).has_value();
  });
  TimePoint end{Duration(replies)};
  if (lookups) end = saturating_add(end, timing.connect_timeout);
  for (const Duration part : {timing.connect_timeout, timing.hold, timing.retry_max}) {
    end = saturating_add(end, part);
  }
  return end.time_since_epoch();
}

}  // namespace piccolo
