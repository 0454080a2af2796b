#include "trace_difference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "event_text.hpp"

namespace piccolo::sim {
namespace {

constexpr RecordLimits traces_alone{
    .events = 500'000, .packets = 0, .lines = 0, .payload_bytes = 0};

bool same_event(const TraceEvent& one, const TraceEvent& other) {
  return one.at == other.at && one.kind == other.kind && one.subject == other.subject &&
         one.a == other.a && one.b == other.b && one.c == other.c;
}

bool same_line(const RecordedLine& one, const RecordedLine& other) {
  return one.at == other.at && one.event == other.event && one.kind == other.kind &&
         one.level == other.level && one.process == other.process &&
         one.connection == other.connection && one.text == other.text;
}

bool has_all_events(const Recording& recording) {
  Trace again;
  for (const TraceEvent& event : recording.events)
    again.record(event.at, event.kind, event.subject, event.a, event.b, event.c);
  return again.hash() == recording.result.trace_hash;
}

// The first line from `at` on that is no log below the level.
std::size_t next_line(const Recording& recording, std::size_t at, LogLevel level) {
  const auto counts = [level](const RecordedLine& line) {
    return line.kind != LineKind::log || line.level >= level;
  };
  const auto from = recording.lines.begin() + static_cast<std::ptrdiff_t>(at);
  return static_cast<std::size_t>(std::find_if(from, recording.lines.end(), counts) -
                                  recording.lines.begin());
}

std::optional<TraceComparison::Lines> first_lines_to_differ(const Recording& one,
                                                            const Recording& other) {
  const LogLevel level = std::max(one.log_level, other.log_level);
  TraceComparison::Lines at;
  for (;; ++at.one, ++at.other) {
    at.one = next_line(one, at.one, level);
    at.other = next_line(other, at.other, level);
    const bool one_ended = at.one == one.lines.size();
    const bool other_ended = at.other == other.lines.size();
    if (one_ended && other_ended) return std::nullopt;
    if (one_ended || other_ended) return at;
    if (!same_line(one.lines[at.one], other.lines[at.other])) return at;
  }
}

std::string tell(const Recording& recording, std::uint64_t number) {
  if (number >= recording.events.size()) return "the end of the run";
  const TraceEvent& event = recording.events[number];
  return fmt::format("{} {}", format_duration(event.at.time_since_epoch()),
                     EventText(recording).tell(event));
}

}  // namespace

TraceComparison compare_traces(const Recording& one, const Recording& other) {
  TraceComparison found;
  const auto [here, there] = std::ranges::mismatch(one.events, other.events, &same_event);
  found.alike = static_cast<std::uint64_t>(here - one.events.begin());
  const bool one_ended = here == one.events.end();
  const bool other_ended = there == other.events.end();
  // A trace that was cut off for the limits' sake goes on.
  const bool goes_on =
      (one_ended && !has_all_events(one)) || (other_ended && !has_all_events(other));
  found.events_differ = !(one_ended && other_ended) && !goes_on;
  found.beyond = goes_on && one.result.trace_hash != other.result.trace_hash;
  if (found.equal()) found.lines = first_lines_to_differ(one, other);
  return found;
}

std::string trace_difference(const WorldDescription& world, const Scenario& scenario,
                             std::uint64_t seed, const std::function<void()>& begin) {
  const auto record = [&] {
    begin();
    return record_world(world, scenario, seed, LogLevel::off, traces_alone);
  };
  const Recording one = record();
  const Recording other = record();
  const TraceComparison found = compare_traces(one, other);
  if (found.beyond) {
    return fmt::format("the first {} events of two more runs are alike", found.alike);
  }
  if (found.equal()) return "two more runs of it do not differ in their traces";
  const std::string place = found.alike > 0 ? fmt::format("part behind event {}", found.alike - 1)
                                            : "differ from the first event on";
  return fmt::format("two more runs {}:\n  {}\n  {}", place, tell(one, found.alike),
                     tell(other, found.alike));
}

}  // namespace piccolo::sim
