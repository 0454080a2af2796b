#include "checked_run.hpp"

#include <fmt/format.h>

#include "piccolo/core/random.hpp"
#include "trace_difference.hpp"

namespace piccolo::sim {
namespace {

constexpr std::uint64_t million = 1'000'000;

std::string tell(const std::optional<Violation>& violation) {
  if (!violation) return "no violation";
  return fmt::format("a violation of {} at {}: {}", violation->invariant,
                     format_duration(violation->at), violation->detail);
}

std::string differ(std::string_view in_what, const auto& one, const auto& other) {
  return fmt::format("{}: {} in one, {} in the other", in_what, one, other);
}

std::optional<std::string> faults_differ(const FaultCounts& one, const FaultCounts& other) {
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    const std::string name = fmt::format("faults of kind {}", fault_kind_name(kind));
    if (one[kind].injected != other[kind].injected) {
      return differ(name + " injected", one[kind].injected, other[kind].injected);
    }
    if (one[kind].observed != other[kind].observed) {
      return differ(name + " observed", one[kind].observed, other[kind].observed);
    }
  }
  return std::nullopt;
}

// Lists of different lengths differ where the shorter one ends.
template <class Count>
std::optional<std::string> lists_differ(std::string_view what, const std::vector<Count>& one,
                                        const std::vector<Count>& other,
                                        std::string (*text)(const Count&)) {
  const auto at = [text](const std::vector<Count>& list, std::size_t index) {
    return index < list.size() ? text(list[index]) : std::string("none");
  };
  for (std::size_t index = 0; index < one.size() || index < other.size(); ++index) {
    std::string here = at(one, index);
    std::string there = at(other, index);
    if (here != there) return differ(what, here, there);
  }
  return std::nullopt;
}

std::string count_text(const NamedCount& count) {
  return fmt::format("`{}` = {}", count.name, count.value);
}

std::string site_text(const SiteCount& site) {
  return fmt::format("`{}` passed {} times and fired {}", site.site, site.passed, site.fired);
}

}  // namespace

bool is_checked(std::uint64_t seed, std::uint32_t check_ppm) noexcept {
  return scale_to(mix(seed, site_hash("campaign.check")), million) < check_ppm;
}

std::optional<std::string> first_difference(const RunResult& one, const RunResult& other) {
  if (one.trace_hash != other.trace_hash) {
    return differ("trace hash", fmt::format("{:016x}", one.trace_hash),
                  fmt::format("{:016x}", other.trace_hash));
  }
  const RunTotals& a = one.totals;
  const RunTotals& b = other.totals;
  if (a.events != b.events) return differ("events", a.events, b.events);
  if (a.virtual_time != b.virtual_time) {
    return differ("virtual time", format_duration(a.virtual_time), format_duration(b.virtual_time));
  }
  if (tell(one.violation) != tell(other.violation)) {
    return differ("violation", tell(one.violation), tell(other.violation));
  }
  if (auto found = faults_differ(a.faults, b.faults)) return found;
  if (auto found = lists_differ("counter", a.counters, b.counters, &count_text)) return found;
  if (auto found = lists_differ("sometimes", a.sometimes, b.sometimes, &count_text)) return found;
  return lists_differ("buggify site", a.sites, b.sites, &site_text);
}

RunResult checked_run(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed,
                      std::uint32_t check_ppm, const std::function<void()>& begin) {
  begin();
  RunResult run = run_world(world, scenario, seed);
  if (!is_checked(seed, check_ppm)) return run;
  begin();
  const auto difference = first_difference(run, run_world(world, scenario, seed));
  if (!difference) return run;
  std::string detail = "two runs of the seed differ in their " + *difference;
  if (run.violation) detail += "\nthe first run ended with " + tell(run.violation);
  detail += "\n" + trace_difference(world, scenario, seed, begin);
  run.violation = Violation{"deterministic", std::move(detail), run.totals.virtual_time, false};
  return run;
}

}  // namespace piccolo::sim
