#include "piccolo/sim/recording.hpp"

#include <algorithm>

#include "catch.hpp"
#include "cluster.hpp"
#include "piccolo/sim/run_world.hpp"

namespace piccolo::sim {
namespace {

Recording record(std::uint64_t seed, const RecordLimits& limits = {}) {
  const test::Cluster cluster(3, FaultSet::all(), std::chrono::seconds(20));
  return record_world(cluster.world, cluster.scenario, seed, LogLevel::debug, limits);
}

std::size_t count_events(const Recording& recording, EventKind kind) {
  return static_cast<std::size_t>(std::ranges::count(recording.events, kind, &TraceEvent::kind));
}

TEST_CASE("recording a run changes nothing in it, and keeps all of its trace") {
  const test::Cluster cluster(3, FaultSet::all(), std::chrono::seconds(20));
  const RunResult plain = cluster.run(3);
  const Recording recording = record(3);
  CHECK(recording.result.trace_hash == plain.trace_hash);
  Trace again;
  for (const TraceEvent& event : recording.events)
    again.record(event.at, event.kind, event.subject, event.a, event.b, event.c);
  CHECK(again.hash() == plain.trace_hash);
  CHECK_FALSE(recording.truncated);
}

TEST_CASE("a recording has every packet with its end") {
  std::size_t lost = 0;
  std::size_t again = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Recording recording = record(seed);
    const auto ended = [&recording](PacketEnd end) {
      return static_cast<std::size_t>(
          std::ranges::count(recording.packets, end, &RecordedPacket::end));
    };
    CHECK(recording.packets.size() == count_events(recording, EventKind::packet_sent) +
                                          count_events(recording, EventKind::packet_duplicated));
    CHECK(ended(PacketEnd::arrived) == count_events(recording, EventKind::packet_arrived));
    CHECK(ended(PacketEnd::lost) == count_events(recording, EventKind::packet_lost));
    for (const RecordedPacket& packet : recording.packets) {
      CHECK(packet.payload_bytes == packet.view.payload_bytes);
      if (packet.end == PacketEnd::under_way) continue;
      CHECK(packet.view.at <= packet.ended_at);
      CHECK(packet.sent_event < packet.ended_event);
    }
    lost += ended(PacketEnd::lost);
    again += static_cast<std::size_t>(
        std::ranges::count(recording.packets, true, &RecordedPacket::retransmission));
  }
  CHECK(lost > 0);
  CHECK(again > 0);
}

TEST_CASE("a recording has hosts, processes, faults and lines in their order") {
  const Recording recording = record(4);
  REQUIRE(recording.hosts.size() >= 2);
  CHECK(recording.processes.size() == 3);
  CHECK(recording.faults.size() > 3);
  for (const RecordedFault& fault : recording.faults) {
    CHECK(fault.until >= fault.from);
    CHECK_FALSE(fault.text.empty());
    for (const HostId host : fault.hosts) CHECK(host < recording.hosts.size());
  }
  CHECK(std::ranges::is_sorted(recording.lines, {}, &RecordedLine::at));
  CHECK(std::ranges::is_sorted(recording.lines, {}, &RecordedLine::event));
  for (const LineKind kind :
       {LineKind::note, LineKind::fault, LineKind::process, LineKind::log, LineKind::listen,
        LineKind::connect, LineKind::stream, LineKind::data}) {
    CAPTURE(line_kind_name(kind));
    CHECK(std::ranges::count(recording.lines, kind, &RecordedLine::kind) > 0);
  }
}

TEST_CASE("a recording that comes to its limits keeps the beginning and says so") {
  const Recording whole = record(5);
  const Recording part = record(5, {.events = 100, .packets = 10, .lines = 20});
  CHECK(part.truncated);
  CHECK(part.events.size() == 100);
  CHECK(part.packets.size() == 10);
  CHECK(part.lines.size() == 20);
  CHECK(part.result.trace_hash == whole.result.trace_hash);
  CHECK(part.lines.back().text == whole.lines[19].text);
}

}  // namespace
}  // namespace piccolo::sim
