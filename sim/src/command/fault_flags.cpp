#include "fault_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "piccolo/sim/usage.hpp"

namespace piccolo::sim {
namespace {

constexpr std::size_t most_faults = 10'000;

// A file that is none (a device, a pipe that never ends) is given up early.
void read_fault_list(const std::string& name, std::vector<ListedFault>& faults) {
  std::ifstream file(name);
  std::array<char, fault_line_max + 2> buffer{};
  for (std::size_t number = 1; file.getline(buffer.data(), buffer.size()); ++number) {
    const auto extracted = static_cast<std::size_t>(file.gcount());
    const std::string line(buffer.data(), file.eof() ? extracted : extracted - 1);
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line[begin] == '#') continue;
    if (faults.size() == most_faults) {
      throw UsageError(
          fmt::format("--fault-list: `{}` has more than {} faults; give fewer", name, most_faults));
    }
    faults.push_back({fmt::format("{}:{}", name, number), line});
  }
  if (file.gcount() > static_cast<std::streamsize>(fault_line_max)) {
    throw UsageError(
        fmt::format("--fault-list: `{}` has a line of more than {} characters; give a file of "
                    "faults, one a line",
                    name, fault_line_max));
  }
  if (!file.eof()) {
    throw UsageError(fmt::format("--fault-list: cannot read `{}`; give a file of faults", name));
  }
}

// The end of time for a line that does not begin with one.
Duration time_of(const ListedFault& fault) {
  const std::string_view line = fault.line;
  const std::size_t begin = std::min(line.find_first_not_of(" \t\r"), line.size());
  const auto at = parse_duration(line.substr(begin, line.find_first_of(" \t\r", begin) - begin));
  return at ? *at : Duration::max();
}

// So that the same faults are the same flags, however they were given. What has no time is refused
// later, with its place.
std::vector<ListedFault> in_order_of_time(std::vector<ListedFault> faults) {
  std::vector<std::pair<Duration, std::size_t>> order;  // no two are equal: a plain sort is stable
  order.reserve(faults.size());
  for (const ListedFault& fault : faults) order.emplace_back(time_of(fault), order.size());
  std::ranges::sort(order);
  std::vector<ListedFault> sorted;
  sorted.reserve(faults.size());
  for (const auto& [time, index] : order) sorted.push_back(std::move(faults[index]));
  return sorted;
}

}  // namespace

void add_fault_flags(CLI::App& command, WorldFlags& flags, const FaultSet& otherwise) {
  CLI::Option* const drawn = command
                                 .add_option("--faults", flags.faults,
                                             "What each seed draws its faults from: all, none, "
                                             "some, or all but some (all,-hup). They are " +
                                                 FaultSet::known())
                                 ->type_name("KINDS")
                                 ->default_str(otherwise.to_string());
  command
      .add_option("--fault", flags.fault_lines,
                  "Instead of drawn ones, this fault, such as `2s isolate n1 for 3s`; may be "
                  "given several times (docs/faults.md has all lines)")
      ->type_name("LINE")
      ->default_str("none")
      ->allow_extra_args(false)
      ->excludes(drawn);
  command
      .add_option("--fault-list", flags.fault_list,
                  "Likewise the faults of a file, one a line; lines that begin with # are comments")
      ->type_name("FILE")
      ->default_str("none")
      ->excludes(drawn);
}

std::vector<ListedFault> listed_faults(const std::vector<std::string>& lines,
                                       const std::optional<std::string>& list) {
  std::vector<ListedFault> faults;
  faults.reserve(lines.size());
  for (std::size_t index = 0; index < lines.size(); ++index) {
    faults.push_back({fmt::format("--fault {}", index + 1), lines[index]});
  }
  if (list) read_fault_list(*list, faults);
  return in_order_of_time(std::move(faults));
}

}  // namespace piccolo::sim
