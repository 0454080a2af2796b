#include "trace_difference.hpp"

#include "catch.hpp"
#include "event_text.hpp"
#include "recorded.hpp"

namespace piccolo::sim {
namespace {

using test::recorded;

TEST_CASE("a recording is equal to one of the same seed") {
  const TraceComparison found = compare_traces(recorded(3), recorded(3));
  CHECK(found.equal());
  CHECK_FALSE(found.lines);
}

TEST_CASE("the first event that differs is found whatever differs in it") {
  const Recording recording = recorded(3);
  const std::size_t places[] = {0, 17, recording.events.size() - 1};
  for (const std::size_t place : places) {
    const auto found_with = [&](auto change) {
      Recording other = recording;
      change(other.events[place]);
      const TraceComparison found = compare_traces(recording, other);
      return found.events_differ && found.alike == place;
    };
    CHECK(found_with([](TraceEvent& event) { event.at += Duration(1); }));
    CHECK(found_with([](TraceEvent& event) { event.kind = EventKind::buggified; }));
    CHECK(found_with([](TraceEvent& event) { ++event.subject; }));
    CHECK(found_with([](TraceEvent& event) { ++event.a; }));
    CHECK(found_with([](TraceEvent& event) { ++event.b; }));
    CHECK(found_with([](TraceEvent& event) { ++event.c; }));
  }
}

TEST_CASE("a trace that goes on longer differs from one that ends") {
  const Recording recording = recorded(3);
  Recording longer = recording;
  longer.events.push_back(longer.events.back());
  const TraceComparison found = compare_traces(recording, longer);
  CHECK(found.events_differ);
  CHECK(found.alike == recording.events.size());
}

TEST_CASE("what was cut off for the limits is no difference by itself") {
  const Recording whole = recorded(3);
  const Recording part = recorded(3, {.events = 100});
  CHECK(compare_traces(part, whole).equal());
  Recording other = part;
  ++other.result.trace_hash;
  const TraceComparison found = compare_traces(part, other);
  CHECK(found.beyond);
  CHECK_FALSE(found.events_differ);
  CHECK(found.alike == 100);
}

TEST_CASE("lines that differ are found when events do not") {
  const Recording recording = recorded(3);
  Recording other = recording;
  const auto log = std::ranges::find(other.lines, LineKind::log, &RecordedLine::kind);
  REQUIRE(log != other.lines.end());
  log->level = LogLevel::debug;
  log->text += "!";
  const TraceComparison found = compare_traces(recording, other);
  CHECK(found.equal());
  REQUIRE(found.lines);
  CHECK(found.lines->one == static_cast<std::size_t>(log - other.lines.begin()));
  // One that logs from a higher level on has nothing to differ in.
  other.log_level = LogLevel::off;
  CHECK_FALSE(compare_traces(recording, other).lines);
}

TEST_CASE("events are told with the names of those who took part") {
  Recording recording;
  recording.hosts = {{"h1", {}, {}}, {"h2", {}, {}}};
  recording.processes = {{"n1", 0, false}, {"n2", 1, false}};
  const auto event = [](EventKind kind, std::uint64_t subject, std::uint64_t a, std::uint64_t b,
                        std::uint64_t c) {
    return TraceEvent{TimePoint(), kind, subject, a, b, c};
  };
  recording.events = {event(EventKind::connect, 7, 0, 80, 0),
                      event(EventKind::accepted, 7, 1, 0, 0),
                      event(EventKind::datagram_bound, 5, 1, 53, 0)};
  const EventText text(recording);
  CHECK(text.tell(recording.events[0]) == "n1 connects to port 80, connection 7");
  CHECK(text.tell(event(EventKind::packet_sent, 7, 0x101, 0, 0)) ==
        "n1 sends: SYN, offset 0, 0 bytes to n2, connection 7");
  CHECK(text.tell(event(EventKind::packet_arrived, 7, 2, 4, 9)) ==
        "n1 gets: data, offset 4, 9 bytes from n2, connection 7");
  CHECK(text.tell(event(EventKind::packet_lost, 7, 0x104, 4, 0)) ==
        "n2 does not get: FIN, offset 4, 0 bytes from n1, connection 7");
  CHECK(text.tell(event(EventKind::read, 7, 1, 0, 0)) ==
        "n2 reads the end of connection 7 from n1");
  CHECK(text.tell(event(EventKind::fault, 1, 1, 0, 0)) == "fault refuse of h2 begins, amount 0");
  CHECK_THAT(text.tell(event(EventKind::datagram_received, 5, 9, 4000, 1)),
             test::contains_text("n2 receives a datagram of 9 bytes from port 4000"));
}

}  // namespace
}  // namespace piccolo::sim
