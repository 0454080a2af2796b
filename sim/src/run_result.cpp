#include "piccolo/sim/run_result.hpp"

#include <algorithm>

namespace piccolo::sim {
namespace {

constexpr std::size_t signature_max = 160;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_hex(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f'); }

bool is_word(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_'; }

std::size_t length_of(std::string_view text, bool (*belongs)(char) noexcept) noexcept {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), belongs) -
                                  text.begin());
}

// The length of the number that the text begins with, as times are printed: 3, 1.5s, 10us. Whether
// a time happens to be a round one says nothing. Hexadecimal ones have eight digits or more.
std::size_t number_length(std::string_view text) noexcept {
  const std::size_t hex = length_of(text, is_hex);
  if (hex >= 8) return hex;
  std::size_t length = length_of(text, is_digit);
  if (length == 0) return 0;
  if (text.substr(length).starts_with('.')) {
    const std::size_t fraction = length_of(text.substr(length + 1), is_digit);
    if (fraction > 0) length += 1 + fraction;
  }
  const std::string_view rest = text.substr(length);
  const std::string_view unit = rest.substr(0, length_of(rest, is_word));
  const bool is_time = unit == "s" || unit == "ms" || unit == "us" || unit == "ns";
  return length + (is_time ? unit.size() : 0);
}

// Most often the names are the same, and in the same order.
template <class Count>
Count& entry(std::vector<Count>& counts, std::size_t hint, std::string Count::* name,
             const std::string& wanted) {
  if (hint < counts.size() && counts[hint].*name == wanted) return counts[hint];
  const auto found = std::find_if(counts.begin(), counts.end(),
                                  [&](const Count& count) { return count.*name == wanted; });
  if (found != counts.end()) return *found;
  Count& added = counts.emplace_back();
  added.*name = wanted;
  return added;
}

void add_counts(std::vector<NamedCount>& to, const std::vector<NamedCount>& from) {
  for (std::size_t index = 0; index < from.size(); ++index) {
    entry(to, index, &NamedCount::name, from[index].name).value += from[index].value;
  }
}

}  // namespace

std::string signature(const Violation& violation) {
  const std::string& detail = violation.detail;
  std::string_view line = std::string_view(detail).substr(0, detail.find('\n'));
  std::string text = violation.invariant;
  if (!line.empty()) text += ": ";
  while (!line.empty() && text.size() < signature_max) {
    const std::size_t number = number_length(line);
    text += number > 0 ? '#' : line.front();
    line.remove_prefix(std::max<std::size_t>(number, 1));
  }
  return text;
}

void RunTotals::add(const RunTotals& other) {
  runs += other.runs;
  events += other.events;
  virtual_time += other.virtual_time;
  faults.add(other.faults);
  add_counts(counters, other.counters);
  add_counts(sometimes, other.sometimes);
  for (std::size_t index = 0; index < other.sites.size(); ++index) {
    SiteCount& site = entry(sites, index, &SiteCount::site, other.sites[index].site);
    site.passed += other.sites[index].passed;
    site.fired += other.sites[index].fired;
  }
  fingerprint += other.fingerprint;
}

}  // namespace piccolo::sim
