// Loss, reordering and duplication below the stream: what they cost, to the nanosecond.

#include "lab.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::read;
using conformance::write;

constexpr std::uint32_t always = ppm_always;

// Writes pieces of one segment each; the `lost`th is lost on its way.
Task<void> writes_pieces(Env& env, Lab* lab, int pieces, int lost) {
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  co_await env.clock.sleep_until(at(seconds(1)));
  const std::string piece(10, 'x');
  for (int number = 1; number <= pieces; ++number) {
    if (number == lost) lab->world.add_loss(lab->client, lab->server, always);
    co_await write(&stream, piece);
    if (number == lost) lab->world.remove_loss(lab->client, lab->server, always);
  }
  co_await env.clock.sleep_for(seconds(5));
}

Lines pieces_with_one_lost(int pieces, int lost) {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return writes_pieces(env, &lab, pieces, lost); });
  lab.run_for(seconds(10));
  return lab.diary.lines();
}

std::string count_until(const Lines& lines, const std::string& moment) {
  std::size_t bytes = 0;
  for (const std::string& line : lines) {
    const auto open = line.find('[');
    if (open != std::string::npos) bytes += line.size() - open - 2;
    if (line.starts_with(moment)) break;
  }
  return std::to_string(bytes);
}

TEST_CASE("a gap with three segments behind it is sent again after a round trip, not a time-out") {
  const Lines lines = pieces_with_one_lost(8, 2);
  REQUIRE(lines.size() >= 2);
  CHECK(lines[0] == "1.0001s [xxxxxxxxxx]");
  // Two more latencies after the third sign of loss; then all that waited behind the gap at once.
  CHECK(lines[1].starts_with("1.0003s ["));
  CHECK(count_until(lines, "1.0003s") != "10");
}

TEST_CASE("a gap with nothing behind it waits for the time-out") {
  const Lines lines = pieces_with_one_lost(2, 2);
  REQUIRE(lines.size() >= 2);
  // 204 ms after the acknowledgement of the first piece.
  CHECK(lines[1] == "1.2043s [xxxxxxxxxx]");
}

TEST_CASE("a gap with one segment behind it gets a quarter of a round trip to close") {
  const Lines lines = pieces_with_one_lost(3, 2);
  REQUIRE(lines.size() >= 2);
  CHECK(lines[1] == "1.00035s [xxxxxxxxxxxxxxxxxxxx]");
}

TEST_CASE("what is overtaken is put in order before it is read, without a time-out") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_until(at(seconds(1)));
    in->world.add_reordering(in->client, in->server, always, milliseconds(1));
    co_await write(&stream, "first ");
    in->world.remove_reordering(in->client, in->server, always, milliseconds(1));
    co_await write(&stream, "second");
    co_await env.clock.sleep_for(milliseconds(100));
  });
  lab.finish();
  const Lines& lines = lab.diary.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].ends_with("[first second]"));
  CHECK(lines[0].starts_with("1.00"));
  CHECK(lab.world.fault_counts()[FaultKind::reorder].observed == 1);
}

TEST_CASE("what arrives twice is read once") {
  Lab lab;
  lab.world.add_duplication(lab.client, lab.server, always);
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await write(&stream, "once");
    co_await env.clock.sleep_for(milliseconds(1));
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"300us [once]", "1.3ms end"});
  CHECK(lab.world.fault_counts()[FaultKind::duplicate].observed > 2);
  CHECK(lab.world.live_connections() == 0);
}

TEST_CASE("segments are as large as both ends and the link between them allow") {
  for (const auto& [mtu, most, expected] :
       {std::tuple{1500U, 1448U, "1448"}, {576U, 1448U, "524"}, {9000U, 1000U, "1000"}}) {
    WorldOptions options;
    options.link.mtu_bytes = mtu;
    Lab lab(options);
    TcpOptions tcp;
    tcp.segment_bytes_max = most;
    lab.world.set_tcp(lab.server, tcp);
    lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
      Listener listener = listen_or_throw(env, in->at_server());
      Stream stream = co_await accept_or_throw(&listener);
      std::vector<std::byte> space(5000);
      const auto got = co_await stream.read_some(space);
      in->diary.note(env, std::to_string(got.value_or(0)));
    });
    lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
      Stream stream = co_await connect_or_throw(env, in->at_server());
      co_await write(&stream, std::string(5000, 'x'));
      co_await env.clock.sleep_for(milliseconds(5));
    });
    lab.finish();
    CHECK(lab.diary.lines() == Lines{fmt::format("300us {}", expected)});
  }
}

TEST_CASE("a reader that is woken late finds in one read what came in several pieces") {
  WorldOptions options;
  options.tcp.wake_delay_max = milliseconds(100);
  Lab lab(options);
  lab.run(lab.server, [&](Env& env) { return reads(env, &lab); });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    for (int count = 0; count < 4; ++count) {
      co_await write(&stream, "x");
      co_await env.clock.sleep_for(microseconds(1));
    }
    co_await env.clock.sleep_for(seconds(1));
  });
  lab.finish();
  REQUIRE(lab.diary.lines().size() == 2);
  CHECK(lab.diary.lines()[0].ends_with("[xxxx]"));
}

}  // namespace
}  // namespace piccolo::test
