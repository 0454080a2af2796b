#include "scenario/fault_keys.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "piccolo/core/printable.hpp"

namespace piccolo::sim {
namespace {

using std::chrono::hours;

// ---- [faults] ----

std::optional<FaultSet> parsed_kinds(const std::string& text, TextPosition at, Problems& problems) {
  constexpr std::size_t message_max = 1000;
  const auto kinds = FaultSet::parse(text);
  if (kinds) return *kinds;
  problems.report(at, printable(kinds.error(), message_max));
  return std::nullopt;
}

// Each word is judged with those before it, so that a problem is told where it stands.
void read_kind_list(const ConfigValue& list, FaultSet& kinds) {
  constexpr std::size_t words_max = fault_kinds + 1;  // `all` comes in front of what is left out
  if (list.value().items.size() > words_max) {
    return list.report(
        fmt::format("`{}` holds {} words, and there are {} kinds of faults; name "
                    "each once",
                    list.key(), list.value().items.size(), fault_kinds));
  }
  std::string text;
  FaultSet all;
  for (const TomlValue& entry : list.value().items) {
    const std::string* const word = plain_text(entry, list);
    if (word == nullptr) return;
    if (word->find(',') != std::string::npos) {
      return list.problems().report(
          entry.at, fmt::format("`{}` is more than one kind of fault; give each its own quotes",
                                printable(*word)));
    }
    text += (text.empty() ? "" : ",") + *word;
    const auto so_far = parsed_kinds(text, entry.at, list.problems());
    if (!so_far) return;
    all = *so_far;
  }
  kinds = all;
}

void read_kinds(const ConfigValue& value, FaultTarget& into) {
  const TomlValue& given = value.value();
  if (given.type == TomlValue::Type::list) return read_kind_list(value, into.scenario.faults);
  const std::string* const text = value.string("a string, or a list of strings");
  if (text == nullptr) return;
  if (const auto kinds = parsed_kinds(*text, given.at, value.problems())) {
    into.scenario.faults = *kinds;
  }
}

void read_list(const ConfigValue& value, FaultTarget& into) {
  read_lines(value, into.scenario.listed.emplace(), into.reading);
}

using FaultKey = Key<FaultTarget>;

constexpr std::array of_faults{
    FaultKey{"faults", "kinds", R"("all,-hup")", read_kinds,
             "all, none, KIND,KIND or all,-KIND; or a list of such words", "the world's",
             "what seeds draw from"},
    FaultKey{"faults", "swarm", "true",
             [](const ConfigValue& value, FaultTarget& into) {
               value.boolean(into.scenario.profile.swarm);
             },
             "true or false", "false",
             "each seed draws which of the kinds it has, and how strongly; else it has them all"},
    FaultKey{"faults", "list", R"(["2s isolate n1 for 3s"])", read_list, "a list of faults", "",
             "exactly these faults instead of drawn ones"},
};

// ---- [faults.KIND] ----

using Named = std::pair<std::string_view, Duration>;

constexpr std::array times{Named{"second", std::chrono::seconds(1)},
                           Named{"minute", std::chrono::minutes(1)}, Named{"hour", hours(1)}};

std::optional<Duration> parse_period(std::string_view text) {
  for (const auto& [name, time] : times) {
    if (text == name) return time;
  }
  const auto time = parse_duration(text);
  return time ? std::optional(*time) : std::nullopt;
}

std::optional<FaultRate> parse_rate(std::string_view text) {
  constexpr std::string_view per = " per ";
  const std::size_t middle = text.find(per);
  if (middle == std::string_view::npos) return std::nullopt;
  FaultRate rate;
  const auto [end, error] = std::from_chars(text.data(), text.data() + middle, rate.count);
  const auto period = parse_period(text.substr(middle + per.size()));
  if (error != std::errc() || end != text.data() + middle || !period) return std::nullopt;
  rate.per = *period;
  return rate;
}

void read_rate(const ConfigValue& value, KindProfile& profile) {
  const std::string* const text = value.string("a rate in quotes");
  if (text == nullptr) return;
  const auto rate = parse_rate(*text);
  if (!rate) {
    return value.report(
        fmt::format("`{}` is no rate: `{}`; write a whole number, `per`, and "
                    "second, minute, hour or a time such as 10s, {}",
                    value.key(), printable(*text), value.for_example()));
  }
  KindProfile alone;
  alone.rate = rate;
  const std::string complaint = complaint_about(alone);
  if (!complaint.empty()) return value.report(complaint);
  profile.rate = rate;
}

using KindKey = Key<KindProfile>;

constexpr std::array of_kinds{
    KindKey{"faults.KIND", "rate", R"("2 per minute")", read_rate,
            "N per second, minute, hour or TIME", "10 per minute; drawn by a swarm",
            "how many there are on average; in seeds that have the kind"},
    KindKey{"faults.KIND", "from", R"("5s")",
            [](const ConfigValue& value, KindProfile& profile) {
              value.duration(profile.from, Duration(0), hours(24), "0s to 24h");
            },
            "a time up to 24h", "0s", "none begins before"},
    KindKey{"faults.KIND", "until", R"("20s")",
            [](const ConfigValue& value, KindProfile& profile) {
              value.duration(profile.until, Duration(1), hours(24), "more than 0s, up to 24h");
            },
            "a time up to 24h", "the end", "none begins then or later"},
};

void read_profile(const TomlValue& section, FaultKind kind, Scenario& scenario, Reading& reading) {
  if (!section.is_section()) {
    return reading.problems.report(
        section.key_at, fmt::format("`{0}` must be a section, not {1}; write `[faults.{0}]` and "
                                    "its keys below it",
                                    section.key, with_article(section.type)));
  }
  if (!scenario.faults.has(kind)) {
    reading.problems.report(section.key_at,
                            fmt::format("`{}` is not among the kinds of faults that are drawn; add "
                                        "it to `kinds`, or leave this section out",
                                        section.key));
  }
  KindProfile& profile = scenario.profile.of(kind);
  for (const TomlValue& entry : section.items) {
    if (read_key(entry, fault_kind_keys(), profile, reading.problems)) continue;
    report_stray(entry, "faults." + section.key, names_of(fault_kind_keys()), reading);
  }
  const std::string complaint = complaint_about(profile);
  if (complaint.empty()) return;
  const TomlValue* const until = section.find("until");
  const TomlValue* const from = section.find("from");
  reading.problems.report(until != nullptr  ? until->at
                          : from != nullptr ? from->at
                                            : section.key_at,
                          complaint);
}

// ---- all of it ----

void read_entry(const TomlValue& entry, Scenario& scenario, Reading& reading) {
  FaultTarget into{scenario, reading};
  if (read_key(entry, fault_keys(), into, reading.problems)) return;
  if (const auto kind = parse_fault_kind(entry.key)) {
    return read_profile(entry, *kind, scenario, reading);
  }
  std::vector<std::string_view> names = names_of(fault_keys());
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    names.push_back(fault_kind_name(static_cast<FaultKind>(kind)));
  }
  report_stray(entry, "faults", names, reading);
}

}  // namespace

std::span<const Key<FaultTarget>> fault_keys() { return of_faults; }
std::span<const Key<KindProfile>> fault_kind_keys() { return of_kinds; }

void read_faults(const TomlValue& section, Scenario& scenario, Reading& reading) {
  if (!require_section(section, reading.problems)) return;
  const bool listed = section.find("list") != nullptr;
  // Whether a kind is drawn from must be known before its section is read.
  if (const TomlValue* const kinds = section.find("kinds")) read_entry(*kinds, scenario, reading);
  for (const TomlValue& entry : section.items) {
    if (listed && entry.key != "list") {
      reading.problems.report(
          entry.key_at, fmt::format("`{}` is about drawn faults, and `list` says exactly which "
                                    "there are; leave one of the two out",
                                    printable(entry.key)));
    } else if (entry.key != "kinds") {
      read_entry(entry, scenario, reading);
    }
  }
}

void read_lines(const ConfigValue& value, std::vector<ListedFault>& lines, const Reading& reading) {
  if (value.value().type != TomlValue::Type::list) return value.wrong_type("a list of strings");
  for (const TomlValue& entry : value.value().items) {
    if (const std::string* const line = plain_text(entry, value)) {
      lines.push_back({place(reading.source_name, entry.at), *line});
    }
  }
}

std::string format_rate(const FaultRate& rate) {
  for (const auto& [name, time] : times) {
    if (rate.per == time) return fmt::format("{} per {}", rate.count, name);
  }
  return fmt::format("{} per {}", rate.count, format_duration(rate.per));
}

}  // namespace piccolo::sim
