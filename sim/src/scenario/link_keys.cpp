#include "scenario/link_keys.hpp"

#include <array>

#include "piccolo/core/printable.hpp"
#include "piccolo/core/suggest.hpp"
#include "quantities.hpp"
#include "scenario/words.hpp"

namespace piccolo::sim {
namespace {

constexpr std::string_view time_limits = "0s to 1h";
constexpr std::string_view size_units = "a number and one of B, kB, MB, GB, KiB, MiB, GiB";

void read_time(const ConfigValue& value, Duration& into) {
  value.duration(into, Duration(0), std::chrono::hours(1), time_limits);
}

void read_share(const ConfigValue& value, std::uint32_t& ppm) {
  const std::string* const text = value.string("a share in quotes");
  if (text == nullptr) return;
  std::string_view number = *text;
  const bool has_sign = number.ends_with('%');
  if (has_sign) number.remove_suffix(1);
  const auto share = parse_percentage(number);
  if (has_sign && share) {
    ppm = *share;
  } else {
    value.report(
        fmt::format("`{}` is no share: `{}`; write 0% to 100%, with four digits behind "
                    "the point at most, {}",
                    value.key(), printable(*text), value.for_example()));
  }
}

void read_size(const ConfigValue& value, std::uint64_t& bytes) {
  const std::string* const text = value.string("a size in quotes");
  if (text == nullptr) return;
  if (const auto size = parse_size(*text)) {
    bytes = *size;
  } else {
    value.report(fmt::format("`{}` is no size: `{}`; write {}, {}", value.key(), printable(*text),
                             size_units, value.for_example()));
  }
}

void read_bandwidth(const ConfigValue& value, std::uint64_t& per_second) {
  const std::string* const text = value.string("a rate in quotes");
  if (text == nullptr) return;
  constexpr std::string_view each = "/s";
  std::string_view amount = *text;
  const bool is_rate = amount.ends_with(each);
  if (is_rate) amount.remove_suffix(each.size());
  const auto size = is_rate ? parse_size(amount) : std::nullopt;
  if (*text == unlimited) {
    per_second = 0;
  } else if (size && *size > 0) {
    per_second = *size;
  } else {
    value.report(fmt::format("`{}` is no rate above 0B/s: `{}`; write {} and `/s`, or `{}`, {}",
                             value.key(), printable(*text), size_units, unlimited,
                             value.for_example()));
  }
}

void read_shape(const ConfigValue& value, LatencyModel::Shape& shape) {
  const std::string* const text = value.string();
  if (text == nullptr) return;
  const auto found = std::ranges::find(shape_names, *text);
  if (found != shape_names.end()) {
    shape = static_cast<LatencyModel::Shape>(found - shape_names.begin());
  } else {
    value.report(fmt::format("`{}` cannot be `{}`; {}", value.key(), printable(*text),
                             suggestion(*text, shape_names)));
  }
}

using LinkKey = Key<LinkOptions>;

constexpr std::array of_links{
    LinkKey{
        "link", "latency", R"("1ms")",
        [](const ConfigValue& value, LinkOptions& link) { read_time(value, link.latency.base); },
        "a time up to 1h", "100us", "what every packet takes at least, one way"},
    LinkKey{
        "link", "spread", R"("300us")",
        [](const ConfigValue& value, LinkOptions& link) { read_time(value, link.latency.spread); },
        "a time up to 1h", "0s", "what is drawn on top of that, as `shape` says"},
    LinkKey{
        "link", "shape", R"("uniform")",
        [](const ConfigValue& value, LinkOptions& link) { read_shape(value, link.latency.shape); },
        "constant, uniform, exponential or long-tailed", "uniform with a `spread`, else constant",
        "how the latency is distributed"},
    LinkKey{"link", "loss", R"("0.1%")",
            [](const ConfigValue& value, LinkOptions& link) { read_share(value, link.loss_ppm); },
            "a share in %", "0%", "packets that are lost"},
    LinkKey{
        "link", "duplicate", R"("0.1%")",
        [](const ConfigValue& value, LinkOptions& link) { read_share(value, link.duplicate_ppm); },
        "a share in %", "0%", "packets that arrive twice"},
    LinkKey{
        "link", "reorder", R"("1%")",
        [](const ConfigValue& value, LinkOptions& link) { read_share(value, link.reorder_ppm); },
        "a share in %", "0%", "packets that are held back while others pass"},
    LinkKey{"link", "reorder_by", R"("1ms")",
            [](const ConfigValue& value, LinkOptions& link) { read_time(value, link.reorder_by); },
            "a time up to 1h", "1ms", "how long they are held back at most"},
    LinkKey{"link", "bandwidth", R"("1MB/s")",
            [](const ConfigValue& value, LinkOptions& link) {
              read_bandwidth(value, link.bandwidth_bytes_per_second);
            },
            "a size and `/s`, or unlimited", "unlimited", "of IP packets, headers included"},
    LinkKey{"link", "queue", R"("256KiB")",
            [](const ConfigValue& value, LinkOptions& link) { read_size(value, link.queue_bytes); },
            "a size", "256KiB", "what waits for its turn at most; what does not fit is dropped"},
    LinkKey{"link", "mtu", "1500",
            [](const ConfigValue& value, LinkOptions& link) {
              value.integer(link.mtu_bytes, 576, 65'535);
            },
            "bytes, 576 to 65535", "1500", "the largest packet"},
};

void read_host(const ConfigValue& value, std::string& host) {
  if (const std::string* const text = plain_text(value)) host = *text;
}

void read_pair(const ConfigValue& value, std::vector<std::string>& pair) {
  if (value.value().type != TomlValue::Type::list) return value.wrong_type("a list of two hosts");
  if (value.value().items.size() != 2) {
    return value.report(fmt::format("`{}` holds {} hosts; name two, {}", value.key(),
                                    value.value().items.size(), value.for_example()));
  }
  for (const TomlValue& entry : value.value().items) {
    if (const std::string* const text = plain_text(entry, value)) pair.push_back(*text);
  }
}

using EndKey = Key<LinkEnds>;

constexpr std::array of_ends{
    EndKey{"[links]", "between", R"(["n1", "n2"])",
           [](const ConfigValue& value, LinkEnds& ends) { read_pair(value, ends.between); },
           "two hosts", "", "both ways"},
    EndKey{"[links]", "from", R"("n1")",
           [](const ConfigValue& value, LinkEnds& ends) { read_host(value, ends.from); }, "a host",
           "", "one way, with `to`"},
    EndKey{"[links]", "to", R"("n2")",
           [](const ConfigValue& value, LinkEnds& ends) { read_host(value, ends.to); }, "a host",
           "", "one way, with `from`"},
};

// What the keys mean together. `header`: where the section begins.
void settle(const TomlValue& section, TextPosition header, LinkOptions& link, Problems& problems) {
  LatencyModel& latency = link.latency;
  const bool spread_alone = section.find("spread") != nullptr && section.find("shape") == nullptr;
  if (spread_alone && latency.spread.count() > 0 &&
      latency.shape == LatencyModel::Shape::constant) {
    latency.shape = LatencyModel::Shape::uniform;
  }
  if (link.bandwidth_bytes_per_second == 0 || link.queue_bytes >= link.mtu_bytes) return;
  for (const std::string_view key : {"queue", "mtu", "bandwidth"}) {
    const TomlValue* const given = section.find(key);
    if (given != nullptr) header = given->at;
    if (given != nullptr) break;
  }
  problems.report(header, fmt::format("a queue of {} bytes holds no packet of {}; let `queue` be "
                                      "`mtu` at least",
                                      link.queue_bytes, link.mtu_bytes));
}

// Whether all its keys are known.
bool read_pair_entry(const TomlValue& entry, LinkOptions& link, LinkEnds& ends, Reading& reading) {
  bool all_known = true;
  for (const TomlValue& each : entry.items) {
    if (read_key(each, link_keys(), link, reading.problems)) continue;
    if (read_key(each, link_end_keys(), ends, reading.problems)) continue;
    std::vector<std::string_view> names = names_of(link_end_keys());
    for (const std::string_view name : names_of(link_keys())) names.push_back(name);
    report_stray(each, "[links]", names, reading);
    all_known = false;
  }
  settle(entry, entry.at, link, reading.problems);
  return all_known;
}

// What is wrong with the choice of hosts; empty for nothing.
std::string complaint_about_ends(const TomlValue& entry, const LinkEnds& ends) {
  constexpr std::string_view cure =
      "write `between = [\"n1\", \"n2\"]` for both ways, or `from = \"n1\"` and `to = \"n2\"` for "
      "one";
  const bool between = entry.find("between") != nullptr;
  const bool from = entry.find("from") != nullptr;
  const bool to = entry.find("to") != nullptr;
  if (between && (from || to)) {
    return fmt::format("`between` stands beside `from` or `to`; {}", cure);
  }
  if (!between && !(from && to))
    return fmt::format("it does not say between which hosts; {}", cure);
  const bool same = between ? ends.between.size() == 2 && ends.between[0] == ends.between[1]
                            : !ends.from.empty() && ends.from == ends.to;
  return same ? "there is no link from a host to itself; name two hosts" : std::string();
}

void read_pair_of(const TomlValue& entry, const LinkOptions& base, Scenario& scenario,
                  Reading& reading) {
  LinkOptions link = base;
  LinkEnds ends;
  // A key that is misspelled may be the one that seems to be missing.
  if (!read_pair_entry(entry, link, ends, reading)) return;
  const std::string complaint = complaint_about_ends(entry, ends);
  if (!complaint.empty()) return reading.problems.report(entry.at, complaint);
  const std::string where = place(reading.source_name, entry.at);
  if (ends.between.size() == 2) {
    scenario.links.push_back({ends.between[0], ends.between[1], link, where});
    scenario.links.push_back({ends.between[1], ends.between[0], link, where});
  } else {
    scenario.links.push_back({ends.from, ends.to, link, where});
  }
}

}  // namespace

std::span<const Key<LinkOptions>> link_keys() { return of_links; }
std::span<const Key<LinkEnds>> link_end_keys() { return of_ends; }

void read_link(const TomlValue& section, Scenario& scenario, Reading& reading) {
  if (!require_section(section, reading.problems)) return;
  LinkOptions& link = scenario.link.emplace();
  for (const TomlValue& entry : section.items) {
    if (read_key(entry, link_keys(), link, reading.problems)) continue;
    report_stray(entry, "link", names_of(link_keys()), reading);
  }
  settle(section, section.key_at, link, reading.problems);
}

void read_links(const TomlValue& list, Scenario& scenario, Reading& reading) {
  constexpr std::string_view cure = "write `[[links]]` and its keys below it, once for each pair";
  if (list.type != TomlValue::Type::list) {
    return reading.problems.report(list.key_at,
                                   fmt::format("`links` must be a list of sections, not {}; {}",
                                               with_article(list.type), cure));
  }
  const LinkOptions base = scenario.link.value_or(LinkOptions());
  for (const TomlValue& entry : list.items) {
    if (entry.is_section()) {
      read_pair_of(entry, base, scenario, reading);
    } else {
      reading.problems.report(entry.at, fmt::format("`links` must hold sections, not {}; {}",
                                                    with_article(entry.type), cure));
    }
  }
}

}  // namespace piccolo::sim
