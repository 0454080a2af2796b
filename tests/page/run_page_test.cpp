// What the page of a run carries is the recording.

#include <algorithm>

#include "catch.hpp"
#include "cluster.hpp"
#include "page_data.hpp"
#include "piccolo/sim/recording.hpp"
#include "piccolo/sim/report_page.hpp"
#include "piccolo/sim/usage.hpp"

namespace piccolo::sim {
namespace {

using test::page_data;
using test::summed;

constexpr std::uint64_t seed = 3;

bool can_write_pages() {
  if (!page_lacks().empty()) WARN("not tested: " << page_lacks());
  return page_lacks().empty();
}

const Recording& recording() {
  static const Recording made = [] {
    const test::Cluster cluster(3, FaultSet::all(), std::chrono::seconds(20));
    return record_world(cluster.world, cluster.scenario, seed);
  }();
  return made;
}

std::uint64_t events_of(EventKind kind) {
  return static_cast<std::uint64_t>(
      std::ranges::count(recording().events, kind, &TraceEvent::kind));
}

}  // namespace

TEST_CASE("a build without the libraries says so and writes no page") {
  if (page_lacks().empty()) {
    CHECK(run_page(recording()).starts_with("<!doctype html>"));
  } else {
    CHECK(std::string(page_lacks()).find("apt-get install") != std::string::npos);
    CHECK_THROWS_AS(run_page(recording()), UsageError);
  }
}

TEST_CASE("the page of a run carries each packet, with its end") {
  if (!can_write_pages()) return;
  const auto data = page_data(run_page(recording()));
  const auto& packets = data.at("packets");
  REQUIRE(packets.at("at").size() == recording().packets.size());
  const auto at = summed(packets.at("at"));
  const auto event = summed(packets.at("event"));
  std::uint64_t arrived = 0;
  std::uint64_t lost = 0;
  for (std::size_t place = 0; place < at.size(); ++place) {
    const RecordedPacket& packet = recording().packets[place];
    const auto bits = packets.at("bits")[place].get<std::uint32_t>();
    const auto end = static_cast<PacketEnd>(bits >> 9U & 3U);
    CHECK(end == packet.end);
    arrived += end == PacketEnd::arrived ? 1 : 0;
    lost += end == PacketEnd::lost ? 1 : 0;
    CHECK(at[place] == static_cast<std::uint64_t>(packet.view.at.time_since_epoch().count()));
    CHECK(event[place] == packet.sent_event);
    CHECK(packets.at("from")[place] == packet.view.from);
    CHECK(packets.at("to")[place] == packet.view.to);
    CHECK((bits >> 8U & 1U) == (packet.retransmission ? 1U : 0U));
    if (packet.end == PacketEnd::under_way) continue;
    const auto took = packets.at("took")[place].get<std::int64_t>();
    CHECK(took == (packet.ended_at - packet.view.at).count());
    CHECK(event[place] + packets.at("later")[place].get<std::uint64_t>() == packet.ended_event);
  }
  CHECK(arrived == events_of(EventKind::packet_arrived));
  CHECK(lost == events_of(EventKind::packet_lost));
}

TEST_CASE("the page of a run carries its lines, faults and counts") {
  if (!can_write_pages()) return;
  const auto data = page_data(run_page(recording(), "replay it"));
  const auto& lines = data.at("lines");
  REQUIRE(lines.at("text").size() == recording().lines.size());
  for (std::size_t place = 0; place < recording().lines.size(); ++place) {
    const auto text = lines.at("text")[place].get<std::size_t>();
    CHECK(lines.at("texts")[text] == recording().lines[place].text);
    CHECK(lines.at("event")[place] == recording().lines[place].event);
  }
  CHECK(data.at("faults").size() == recording().faults.size());
  CHECK(data.at("hosts").size() == recording().hosts.size());
  CHECK(data.at("trace").at("kinds").at("packet_sent") == events_of(EventKind::packet_sent));
  CHECK(data.at("trace").at("events") == recording().events.size());
  CHECK(data.at("replay") == "replay it");
  CHECK(data.at("violation").is_null());
}

TEST_CASE("the violation and texts that look like markup are carried as they are, and inert") {
  if (!can_write_pages()) return;
  Recording hostile;
  const std::string text = "</script><script>alert(1)</script><!-- \xff";
  hostile.hosts.push_back({text, {}, {}});
  hostile.result.violation = Violation{text, text, std::chrono::seconds(1), true};
  const std::string page = run_page(hostile, text);
  CHECK(page.find("alert(1)</script>") == std::string::npos);
  const auto data = page_data(page);
  const std::string shown = "</script><script>alert(1)</script><!-- \xef\xbf\xbd";
  CHECK(data.at("hosts")[0].at("name") == shown);
  CHECK(data.at("violation").at("detail") == shown);
}

TEST_CASE("a page of a run is the same each time, and refers to nothing outside") {
  if (!can_write_pages()) return;
  const std::string page = run_page(recording());
  CHECK(page == run_page(recording()));
  for (const char* const outside : {" src=", "@import", "url(http", "<link rel=\"stylesheet"}) {
    CAPTURE(outside);
    CHECK(page.find(outside) == std::string::npos);
  }
}

}  // namespace piccolo::sim
