#include "piccolo/core/node/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "piccolo/core/config_reader.hpp"
#include "piccolo/core/printable.hpp"

namespace piccolo {
namespace {

using std::chrono::hours;

constexpr Duration longest_wait = hours(24);

void read_host(const ConfigValue& value, std::string& into) {
  const std::string* const text = value.string();
  if (text == nullptr) return;
  // A colon is an IPv6 address or a mistake; the rest is what may stand before ":port".
  const bool fits = text->find(':') != std::string::npos
                        ? Address::parse(*text).has_value()
                        : HostPort::parse(*text + ":1").has_value();
  if (fits) {
    into = *text;
    return;
  }
  value.report(
      fmt::format("`{}` is neither an address nor a host name: `{}`; write it without "
                  "port and brackets, {}",
                  value.key(), printable(*text), value.for_example()));
}

void read_hosts(const ConfigValue& value, std::vector<HostPort>& into) {
  if (value.value().type != TomlValue::Type::list) return value.wrong_type("a list of strings");
  for (const TomlValue& element : value.value().items) {
    if (element.type != TomlValue::Type::string) {
      value.problems().report(element.at,
                              fmt::format("`{}` must hold strings, not {}; {}", value.key(),
                                          with_article(element.type), value.for_example()));
      continue;
    }
    auto parsed = HostPort::parse(element.text);
    if (parsed) {
      into.push_back(*std::move(parsed));
    } else {
      value.problems().report(
          element.at, fmt::format("`{}` is not `host:port`; write a name or an address and a port "
                                  "from 1 to 65535, for example `10.0.0.1:19919` or `[::1]:19919`",
                                  printable(element.text)));
    }
  }
}

void read_positive(const ConfigValue& value, Duration& into) {
  value.duration(into, Duration(1), longest_wait, "more than 0s, up to 24h");
}

struct Key {
  std::string_view section;
  std::string_view name;
  std::string_view example;
  void (*read)(const ConfigValue& value, NodeConfig& config);
};

constexpr std::int64_t mebibytes_16 = 16 << 20;

// Everything a configuration may say.
constexpr std::array keys{
    Key{"discovery", "hosts", R"(["127.0.0.1:19919"])",
        [](const ConfigValue& value, NodeConfig& config) {
          read_hosts(value, config.discovery.hosts);
        }},
    Key{"discovery", "bind_host", R"("127.0.0.1")",
        [](const ConfigValue& value, NodeConfig& config) {
          read_host(value, config.discovery.bind_host);
        }},
    Key{"discovery", "bind_port", "19919",
        [](const ConfigValue& value, NodeConfig& config) {
          value.integer(config.discovery.bind_port, 0, 65535);
        }},
    Key{"timing", "retry", R"("2s")",
        [](const ConfigValue& value, NodeConfig& config) {
          read_positive(value, config.timing.retry);
        }},
    Key{"timing", "retry_max", R"("2s")",
        [](const ConfigValue& value, NodeConfig& config) {
          read_positive(value, config.timing.retry_max);
        }},
    Key{"timing", "retry_jitter_percent", "10",
        [](const ConfigValue& value, NodeConfig& config) {
          value.integer(config.timing.retry_jitter_percent, 0, 100);
        }},
    Key{"timing", "hold", R"("5s")",
        [](const ConfigValue& value, NodeConfig& config) {
          value.duration(config.timing.hold, Duration::zero(), longest_wait, "0s to 24h");
        }},
    Key{"timing", "connect_timeout", R"("5s")",
        [](const ConfigValue& value, NodeConfig& config) {
          read_positive(value, config.timing.connect_timeout);
        }},
    Key{"timing", "reply_timeout", R"("5s")",
        [](const ConfigValue& value, NodeConfig& config) {
          read_positive(value, config.timing.reply_timeout);
        }},
    Key{"timing", "idle_timeout", R"("30s")",
        [](const ConfigValue& value, NodeConfig& config) {
          read_positive(value, config.timing.idle_timeout);
        }},
    Key{"limits", "message_bytes", "4",
        [](const ConfigValue& value, NodeConfig& config) {
          value.integer(config.limits.message_bytes, 1, mebibytes_16);
        }},
    Key{"limits", "messages", "1",
        [](const ConfigValue& value, NodeConfig& config) {
          value.integer(config.limits.messages, 1, 1'000'000);
        }},
    Key{"limits", "buffer_bytes", "4096",
        [](const ConfigValue& value, NodeConfig& config) {
          value.integer(config.limits.buffer_bytes, 1, mebibytes_16);
        }},
    Key{"limits", "connections_max", "1024",
        [](const ConfigValue& value, NodeConfig& config) {
          value.integer(config.limits.connections_max, 1, 1'000'000);
        }},
};

constexpr std::array<std::string_view, 3> sections{"discovery", "timing", "limits"};

std::vector<KnownKey> known_keys() {
  std::vector<KnownKey> known;
  known.reserve(keys.size());
  for (const Key& key : keys) known.push_back({key.section, key.name});
  return known;
}

void report_unknown_section(const TomlValue& entry, Problems& problems) {
  if (!entry.is_section() && report_misplaced(entry, "", known_keys(), problems)) return;
  report_unknown(entry, "section", sections, problems);
}

void report_unknown_key(const TomlValue& entry, std::string_view section, Problems& problems) {
  if (report_misplaced(entry, section, known_keys(), problems)) return;
  std::vector<std::string_view> known;
  for (const Key& key : keys) {
    if (key.section == section) known.push_back(key.name);
  }
  report_unknown(entry, "key", known, problems);
}

void read_section(const TomlValue& section, NodeConfig& config, Problems& problems) {
  for (const TomlValue& entry : section.items) {
    const auto* const found = std::ranges::find_if(
        keys, [&](const Key& key) { return key.section == section.key && key.name == entry.key; });
    if (found == keys.end()) {
      report_unknown_key(entry, section.key, problems);
    } else {
      found->read(ConfigValue(entry, found->name, found->example, problems), config);
    }
  }
}

// `retry_max` unless given is no less than `retry`, so that one key is enough to slow down retries.
void settle_retry_max(const TomlValue& root, NodeConfig& config, Problems& problems) {
  TimingConfig& timing = config.timing;
  if (timing.retry_max >= timing.retry) return;
  const TomlValue* const section = root.find("timing");
  const TomlValue* const given = section == nullptr ? nullptr : section->find("retry_max");
  if (given == nullptr) {
    timing.retry_max = timing.retry;
    return;
  }
  problems.report(
      given->at,
      fmt::format("`retry_max` is {}, less than `retry`, which is {}; raise `retry_max` or "
                  "lower `retry`",
                  format_duration(timing.retry_max), format_duration(timing.retry)));
}

void raise(const Problems& problems, std::string_view source_name) {
  if (const auto first = problems.first(source_name)) throw ConfigError(*first);
}

}  // namespace

NodeConfig parse_config(std::string_view text, std::string_view source_name) {
  NodeConfig config;
  Problems problems;
  const auto root = parse_toml(text);
  if (!root) {
    problems.report(root.error().at, root.error().what);
    raise(problems, source_name);
    return config;
  }
  for (const TomlValue& entry : root->items) {
    if (std::ranges::find(sections, entry.key) == sections.end()) {
      report_unknown_section(entry, problems);
    } else if (require_section(entry, problems)) {
      read_section(entry, config, problems);
    }
  }
  settle_retry_max(*root, config, problems);
  raise(problems, source_name);
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
