#include "fault_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "piccolo/core/suggest.hpp"
#include "quantities.hpp"

namespace piccolo {
namespace {

using Complaint = std::optional<std::string>;

Complaint wrong_number(std::string_view text, std::string_view cure) {
  return fmt::format("`{}` is no number that fits here; give {}", text, cure);
}

// A whole number, with a minus perhaps, and nothing else.
template <class T>
std::optional<T> whole(std::string_view text) {
  T number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

Complaint read_percent(std::string_view text, std::int64_t& ppm) {
  const auto share = parse_percentage(text);
  if (!share || *share == 0) {
    return wrong_number(text, "a share above 0% and up to 100%, such as 20%");
  }
  ppm = *share;
  return std::nullopt;
}

Complaint read_name(std::string_view text, bool host_is_meant, const FaultScene& scene,
                    Fault& fault) {
  const auto at = [text](const std::vector<std::string>& names) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), text) - names.begin());
  };
  const std::size_t host = at(scene.hosts);
  const std::size_t process = at(scene.processes);
  if (host_is_meant && host < scene.hosts.size()) {
    fault.subjects.push_back(static_cast<std::uint32_t>(host));
    return std::nullopt;
  }
  if (process < scene.processes.size()) {
    const auto id = static_cast<std::uint32_t>(process);
    fault.subjects.push_back(host_is_meant ? scene.host_of[id] : id);
    return std::nullopt;
  }
  const auto& known = host_is_meant ? scene.hosts : scene.processes;
  const std::vector<std::string_view> names(known.begin(), known.end());
  return fmt::format("no {} is called `{}`; {}", host_is_meant ? "host" : "node", text,
                     suggestion(text, names));
}

Complaint read_hosts(std::string_view text, const FaultScene& scene, Fault& fault) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (auto wrong = read_name(text.substr(begin, end - begin), true, scene, fault)) return wrong;
    begin = end + 1;
  }
  return std::nullopt;
}

Complaint read_duration(std::string_view text, bool may_be_negative, Duration& value) {
  const bool minus = may_be_negative && text.starts_with('-');
  const auto time = read_time(minus ? text.substr(1) : text);
  if (!time) return time.error();
  value = minus ? -*time : *time;
  return std::nullopt;
}

}  // namespace

FormWord::FormWord(std::string_view word) noexcept : before(word) {
  const std::size_t open = word.find('{');
  if (open == std::string_view::npos) return;
  const std::size_t close = word.find('}');
  before = word.substr(0, open);
  value = word.substr(open + 1, close - open - 1);
  after = word.substr(close + 1);
}

bool FormWord::matches(std::string_view word) const noexcept {
  if (!is_value()) return word == before;
  return word.size() > before.size() + after.size() && word.starts_with(before) &&
         word.ends_with(after);
}

std::string_view placeholder_words(std::string_view placeholder) noexcept {
  using Pair = std::pair<std::string_view, std::string_view>;
  constexpr std::array pairs{
      Pair{"host", "HOST"}, Pair{"process", "NODE"}, Pair{"hosts", "HOST,HOST"},
      Pair{"for", "TIME"},  Pair{"by", "TIME"},      Pair{"step", "[-]TIME"},
      Pair{"percent", "N"}, Pair{"ppm", "[-]N"},     Pair{"rate", "N"},
      Pair{"port", "PORT"}, Pair{"pick", "N"},       Pair{"nth", "N"}};
  for (const auto& [name, words] : pairs) {
    if (name == placeholder) return words;
  }
  return placeholder;
}

std::string print_value(std::string_view placeholder, const Fault& fault, const FaultScene& scene,
                        std::size_t& subject) {
  if (placeholder == "host") return scene.hosts.at(fault.subjects.at(subject++));
  if (placeholder == "process") return scene.processes.at(fault.subjects.at(subject++));
  if (placeholder == "hosts") {
    std::vector<std::string_view> names;
    for (; subject < fault.subjects.size(); ++subject) {
      names.push_back(scene.hosts.at(fault.subjects[subject]));
    }
    return fmt::format("{}", fmt::join(names, ","));
  }
  if (placeholder == "for") return format_duration(fault.lasting);
  if (placeholder == "by" || placeholder == "step") return format_duration(fault.by);
  if (placeholder == "percent") return format_percentage(static_cast<std::uint32_t>(fault.amount));
  if (placeholder == "pick") return std::to_string(fault.pick);
  return std::to_string(fault.amount);
}

std::optional<std::string> read_value(std::string_view placeholder, std::string_view text,
                                      const FaultScene& scene, Fault& fault) {
  if (placeholder == "host" || placeholder == "process") {
    return read_name(text, placeholder == "host", scene, fault);
  }
  if (placeholder == "hosts") return read_hosts(text, scene, fault);
  if (placeholder == "for") return read_duration(text, false, fault.lasting);
  if (placeholder == "by") return read_duration(text, false, fault.by);
  if (placeholder == "step") return read_duration(text, true, fault.by);
  if (placeholder == "percent") return read_percent(text, fault.amount);
  if (placeholder == "pick") {
    const auto pick = whole<std::uint64_t>(text);
    if (!pick) return wrong_number(text, "a whole number, such as 17");
    fault.pick = *pick;
    return std::nullopt;
  }
  const auto amount = whole<std::int64_t>(text);
  fault.amount = amount.value_or(0);
  if (placeholder == "ppm") {
    return amount ? Complaint() : wrong_number(text, "a whole number of ppm, such as 20000ppm");
  }
  if (placeholder == "port") {
    const bool fits = amount && *amount > 0 && *amount <= UINT16_MAX;
    return fits ? Complaint() : wrong_number(text, "a port from 1 to 65535");
  }
  const bool fits = amount && *amount > 0;
  if (fits) return std::nullopt;
  return wrong_number(text, placeholder == "nth" ? "which one, such as 3 for the third"
                                                 : "bytes per second, such as 5000B/s");
}

std::expected<Duration, std::string> read_time(std::string_view text) {
  if (text.starts_with('-')) {
    return std::unexpected(
        fmt::format("`{}` is negative; give a time from 0s on, such as 3s or 150ms", text));
  }
  const auto time = parse_duration(text);
  if (time) return *time;
  return std::unexpected(fmt::format(
      "`{}` is no time; give a number and a unit, such as 3s or 150ms (292 years at most)", text));
}

}  // namespace piccolo
