#include "piccolo/sim/run_result.hpp"

#include <algorithm>

namespace piccolo::sim {
namespace {

constexpr std::size_t signature_max = 160;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_hex(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f'); }

// The length of the number that the text begins with; hexadecimal ones have eight digits or more.
std::size_t number_length(std::string_view text) noexcept {
  const auto end = [text](auto belongs) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), belongs) -
                                    text.begin());
  };
  const std::size_t hex = end(is_hex);
  return hex >= 8 ? hex : end(is_digit);
}

// Most often the names are the same, and in the same order.
template <class Count>
Count& entry(std::vector<Count>& counts, std::size_t hint, std::string Count::*name,
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
