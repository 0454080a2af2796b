// Bytes on a network that delays, loses, doubles and reorders them, or carries few.

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "network.hpp"
#include "piccolo/core/random.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "talk.hpp"

namespace piccolo::conformance {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Echoes until the end.
Task<void> echoes(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  std::array<std::byte, 64> buffer{};
  const std::span<std::byte> space(buffer);
  for (;;) {
    const auto got = co_await stream.read_some(space);
    if (!got || *got == 0) co_return;
    const std::span<const std::byte> piece = space.first(*got);
    const auto sent = co_await write_all(stream, piece);
    if (!sent) co_return;
  }
}

Task<Duration> round_trip(Env& env, Stream* stream) {
  const TimePoint begun = env.clock.now();
  const std::string sent = co_await write(stream, "ping");
  const std::string got = co_await read(stream);
  CHECK_HERE(sent == "4");
  CHECK_HERE(got == "[ping]");
  co_return env.clock.now() - begun;
}

Task<void> is_fast(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  std::vector<Duration> trips;
  for (int count = 0; count < 51; ++count) {
    const Duration trip = co_await round_trip(env, &stream);
    trips.push_back(trip);
  }
  std::ranges::sort(trips);
  CHECK_HERE(trips.front() >= microseconds(200));
  CHECK_HERE(wire->timing(trips[trips.size() / 2], microseconds(200)) == "on time");
  CHECK_HERE(trips[trips.size() / 2] < milliseconds(5));
}

NETWORK_CASE("100 us one way are 200 us both ways") {
  play(backend, Setup(microseconds(100)), is_fast, echoes);
}

constexpr std::size_t small_writes = 1000;
constexpr std::size_t small_bytes = 64;

Task<void> writes_small(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const std::array<std::byte, small_bytes> message{};
  const std::span<const std::byte> bytes(message);
  const TimePoint begun = env.clock.now();
  for (std::size_t count = 0; count < small_writes; ++count) {
    const auto sent = co_await write_all(stream, bytes);
    CHECK_HERE(outcome(sent) == "ok");
  }
  const std::string answer = co_await read(&stream);
  CHECK_HERE(answer == "[all]");
  const Duration took = env.clock.now() - begun;
  CHECK_HERE(took >= milliseconds(2));
  CHECK_HERE(took < seconds(1));  // one a round trip would take 2 s
}

Task<void> reads_all_small(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  std::vector<std::byte> buffer(small_writes * small_bytes);
  const std::span<std::byte> space(buffer);
  const auto got = co_await read_exactly(stream, space);
  CHECK_HERE(outcome(got) == "ok");
  co_await write(&stream, "all");
}

NETWORK_CASE("1000 small writes are under way at once, not one a round trip") {
  play(backend, Setup(milliseconds(1)), writes_small, reads_all_small);
}

Task<void> loses_one_segment(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const Duration before = co_await round_trip(env, &stream);
  CHECK_HERE(wire->timing(before, milliseconds(2)) == "on time");
  wire->cut(Place::a);
  const std::string lost = co_await write(&stream, "one ");
  CHECK_HERE(lost == "4");
  wire->mend(Place::a);
  const std::string next = co_await write(&stream, "two");
  CHECK_HERE(next == "3");
  std::array<std::byte, 7> buffer{};
  const std::span<std::byte> space(buffer);
  const auto got = co_await read_exactly(stream, space);
  CHECK_HERE(outcome(got) == "ok");
  std::string text;
  for (const std::byte byte : buffer) text += static_cast<char>(byte);
  CHECK_HERE(text == "one two");
}

NETWORK_CASE("what was lost comes late, in its order, and once") {
  play(backend, Setup(milliseconds(1)), loses_one_segment, echoes);
}

Task<void> loses_the_only_segment(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  co_await round_trip(env, &stream);
  wire->cut(Place::a);
  const TimePoint begun = env.clock.now();
  const std::string sent = co_await write(&stream, "late");
  wire->mend(Place::a);
  const std::string got = co_await read(&stream);
  CHECK_HERE(sent == "4");
  CHECK_HERE(got == "[late]");
  // RTO = SRTT + 200 ms at least; then a round trip.
  CHECK_HERE(wire->timing(env.clock.now() - begun, milliseconds(204)) == "on time");
}

NETWORK_CASE("what was lost is sent again after the retransmission time-out") {
  play(backend, Setup(milliseconds(1)), loses_the_only_segment, echoes);
}

Task<void> loses_one_of_many(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  co_await round_trip(env, &stream);
  const TimePoint begun = env.clock.now();
  wire->cut(Place::a);
  co_await write(&stream, "0");
  wire->mend(Place::a);
  for (int count = 1; count < 8; ++count) co_await write(&stream, std::to_string(count));
  std::array<std::byte, 8> buffer{};
  const std::span<std::byte> space(buffer);
  const auto got = co_await read_exactly(stream, space);
  CHECK_HERE(outcome(got) == "ok");
  CHECK_HERE(buffer[0] == std::byte{'0'});
  CHECK_HERE(buffer[7] == std::byte{'7'});
  // A round trip tells that it is missing, another brings it and its echo.
  CHECK_HERE(wire->timing(env.clock.now() - begun, milliseconds(80)) == "on time");
}

NETWORK_CASE("one of many segments that was lost is sent again after one round trip") {
  play(backend, Setup(milliseconds(20)), loses_one_of_many, echoes);
}

Task<void> loses_the_last_two_segments(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  co_await round_trip(env, &stream);
  // Else Linux may take the answer to the probe for one to the original: it is no faster than the
  // fastest before, and which of equal times is shorter is a matter of microseconds.
  wire->set_link(Place::b, Setup(milliseconds(15)).link);
  wire->cut(Place::a);
  const TimePoint begun = env.clock.now();
  co_await write(&stream, "one ");
  co_await write(&stream, "two");
  wire->mend(Place::a);
  std::array<std::byte, 7> buffer{};
  const std::span<std::byte> space(buffer);
  const auto got = co_await read_exactly(stream, space);
  CHECK_HERE(outcome(got) == "ok");
  // The probe after 42 ms, in ticks 44; its answer, which tells that the first is missing as well;
  // and that one.
  CHECK_HERE(wire->timing(env.clock.now() - begun, milliseconds(44 + 25 + 25)) == "on time");
}

// The tail loss probe of RFC 8985: two round trips and 2 ms after the last of several segments.
NETWORK_CASE("the end of a burst that was lost is probed for before the RTO") {
  play(backend, Setup(milliseconds(10)), loses_the_last_two_segments, echoes);
}

std::byte pattern(std::uint64_t offset) {
  return static_cast<std::byte>(mix64(offset / 8) >> (offset % 8 * 8));
}

Task<void> send_pattern(Stream* stream, std::uint64_t bytes) {
  std::vector<std::byte> data(bytes);
  for (std::uint64_t at = 0; at < bytes; ++at) data[at] = pattern(at);
  const std::span<const std::byte> all(data);
  const auto sent = co_await write_all(*stream, all);
  CHECK_HERE(outcome(sent) == "ok");
}

// Reads so many bytes; how many were not those that `send_pattern` sends.
Task<std::uint64_t> count_wrong(Stream* stream, std::uint64_t bytes) {
  std::vector<std::byte> data(bytes);
  const std::span<std::byte> space(data);
  const auto got = co_await read_exactly(*stream, space);
  if (!got) co_return bytes;
  std::uint64_t wrong = 0;
  for (std::uint64_t at = 0; at < bytes; ++at) {
    if (data[at] != pattern(at)) ++wrong;
  }
  co_return wrong;
}

// Sends, and notes how long it took until the other side had it all.
template <std::uint64_t bytes>
Task<void> sends(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const TimePoint begun = env.clock.now();
  co_await send_pattern(&stream, bytes);
  const std::string done = co_await read(&stream);
  CHECK_HERE(done == "[done]");
  wire->note(static_cast<std::uint64_t>((env.clock.now() - begun).count()));
  const std::string end = co_await read(&stream);
  CHECK_HERE(end == "end");
}

template <std::uint64_t bytes>
Task<void> receives(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  const std::uint64_t wrong = co_await count_wrong(&stream, bytes);
  CHECK_HERE(wrong == 0);
  co_await write(&stream, "done");
}

NETWORK_CASE("200 KB arrive intact where packets are lost, doubled and reordered") {
  Setup setup(milliseconds(2));
  setup.link.loss_ppm = 50'000;
  setup.link.duplicate_ppm = 30'000;
  setup.link.reorder_ppm = 50'000;
  setup.link.reorder_by = milliseconds(3);
  play(backend, setup, sends<200'000>, receives<200'000>);
}

NETWORK_CASE("100 KB arrive intact in small packets") {
  Setup setup(milliseconds(2));
  setup.link.mtu_bytes = 600;
  play(backend, setup, sends<100'000>, receives<100'000>);
}

template <std::uint64_t bytes>
Task<void> sends_in(Env& env, Wire* wire, Duration by_the_rules) {
  co_await sends<bytes>(env, wire);
  const Duration took(static_cast<std::int64_t>(wire->noted()));
  CHECK_HERE(wire->timing(took, by_the_rules) == "on time");
}

NETWORK_CASE("half a megabyte over a link of 1 MB/s takes half a second") {
  Setup setup(milliseconds(5));
  setup.link.bandwidth_bytes_per_second = 1'000'000;
  // 1448 bytes in each packet of 1500; and there and back.
  const Duration wire_time(500'000LL * 1500 / 1448 * 1000);
  const auto sender = [wire_time](Env& env, Wire* wire) {
    return sends_in<500'000>(env, wire, wire_time + milliseconds(10));
  };
  play(backend, setup, sender, receives<500'000>);
}

// Ten segments, then twice as many each round trip: 14, 43, 101 and 200 KB; and one for the answer.
NETWORK_CASE("a stream starts slowly") {
  Setup setup(milliseconds(50));
  setup.kernel.buffer_bytes = 512 * 1024;
  const auto sender = [](Env& env, Wire* wire) {
    return sends_in<200'000>(env, wire, milliseconds(400));
  };
  play(backend, setup, sender, receives<200'000>);
}

Task<void> fills_the_buffers(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  const std::size_t taken = co_await fill(env, &stream);
  // Linux rounds, and counts what keeping the bytes takes as well.
  CHECK_HERE(taken >= 64 * 1024);
  CHECK_HERE(taken <= 512 * 1024);
  wire->note(taken);
  CHECK_HERE(outcome(stream.shutdown_send()) == "ok");
  wire->announce(2);
  const std::string end = co_await read(&stream);
  CHECK_HERE(end == "end");
}

Task<void> reads_in_the_end(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  co_await reached(env, wire, 2);
  const std::size_t got = co_await drain(&stream);
  CHECK_HERE(got == wire->noted());
}

NETWORK_CASE("a writer whose peer never reads gets rid of what the buffers hold, and then waits") {
  play(backend, Setup(milliseconds(1)), fills_the_buffers, reads_in_the_end);
}

constexpr std::uint64_t stalled_bytes = 1'000'000;

Task<void> sends_until_told(Env& env, Wire* wire) {
  Stream stream = co_await call(env, wire);
  co_await send_pattern(&stream, stalled_bytes);
  const std::string done = co_await read(&stream);
  CHECK_HERE(done == "[done]");
}

// Lets the window shut; then what says that it is open again is lost.
Task<void> opens_the_window_unheard(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  co_await env.clock.sleep_for(milliseconds(250));
  wire->cut(Place::b);
  std::vector<std::byte> data(stalled_bytes);
  std::size_t got = 0;
  for (;;) {
    const std::span<std::byte> space = std::span(data).subspan(got);
    const auto more = co_await with_timeout(env.clock, milliseconds(20), stream.read_some(space));
    if (!more) break;
    got += *more;
  }
  CHECK_HERE(got < stalled_bytes);
  wire->mend(Place::b);
  const TimePoint begun = env.clock.now();
  const std::span<std::byte> rest = std::span(data).subspan(got);
  const auto all = co_await read_exactly(stream, rest);
  CHECK_HERE(outcome(all) == "ok");
  CHECK_HERE(env.clock.now() - begun < seconds(2));
  std::uint64_t wrong = 0;
  for (std::uint64_t at = 0; at < stalled_bytes; ++at) {
    if (data[at] != pattern(at)) ++wrong;
  }
  CHECK_HERE(wrong == 0);
  co_await write(&stream, "done");
}

NETWORK_CASE("a window that opened unheard is asked for") {
  play(backend, Setup(milliseconds(1)), sends_until_told, opens_the_window_unheard);
}

}  // namespace
}  // namespace piccolo::conformance
