#include "measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "piccolo/core/stream_io.hpp"

namespace piccolo::fidelity {
namespace {

using namespace std::chrono_literals;
using netns::Place;
using netns::Setup;
using netns::Wire;

constexpr std::uint16_t service = 7000;

double milliseconds_in(Duration time) { return static_cast<double>(time.count()) / 1e6; }

Task<Stream> wait_for_call(Env& env, Wire* wire) {
  auto listener = env.network.listen(Endpoint(Address(), service));
  if (!listener) throw std::runtime_error("listen: " + error_name(listener.error()));
  wire->announce(1);
  auto stream = co_await listener->accept();
  if (!stream) throw std::runtime_error("accept: " + error_name(stream.error()));
  co_return std::move(*stream);
}

Task<Stream> call(Env& env, Wire* wire) {
  co_await netns::reached(env, wire, 1);
  auto stream = co_await env.network.connect(Endpoint(netns::address_of(Place::b), service));
  if (!stream) throw std::runtime_error("connect: " + error_name(stream.error()));
  co_return std::move(*stream);
}

// ---- round trips ----

constexpr std::size_t message_bytes = 64;
using Message = std::array<std::byte, message_bytes>;

Task<void> echo(Env& env, Wire* wire) {
  Stream stream = co_await wait_for_call(env, wire);
  Message message{};
  const std::span<std::byte> bytes(message);
  for (;;) {
    const auto got = co_await read_exactly(stream, bytes);
    if (!got) co_return;
    const auto sent = co_await write_all(stream, bytes);
    if (!sent) co_return;
  }
}

Task<void> ping(Env& env, Wire* wire, Samples* samples, unsigned rounds) {
  Stream stream = co_await call(env, wire);
  Message message{};
  const std::span<std::byte> bytes(message);
  for (unsigned round = 0; round < rounds; ++round) {
    const TimePoint begun = env.clock.now();
    const auto sent = co_await write_all(stream, bytes);
    const auto back = co_await read_exactly(stream, bytes);
    if (!sent || !back) throw std::runtime_error("a round trip failed");
    samples->add(milliseconds_in(env.clock.now() - begun));
  }
}

Measure round_trip(Duration one_way, unsigned rounds) {
  Setup setup(one_way);
  setup.link.latency.shape = LatencyModel::Shape::uniform;
  setup.link.latency.spread = one_way / 10;
  const auto roles = [rounds](Samples& samples, unsigned) {
    return Roles{
        [&samples, rounds](Env& env, Wire* wire) { return ping(env, wire, &samples, rounds); },
        echo};
  };
  return {fmt::format("round trip, {} one way, +10 % jitter", format_duration(one_way)),
          "ms",
          setup,
          3,
          false,
          roles};
}

// ---- throughput ----

Task<void> pour(Env& env, Wire* wire, std::uint64_t total) {
  Stream stream = co_await call(env, wire);
  const std::vector<std::byte> piece(64 * 1024);
  for (std::uint64_t sent = 0; sent < total;) {
    const auto size = std::min<std::uint64_t>(piece.size(), total - sent);
    const std::span<const std::byte> bytes = std::span(piece).first(size);
    const auto done = co_await write_all(stream, bytes);
    if (!done) throw std::runtime_error("pour: " + error_name(done.error()));
    sent += size;
  }
  std::array<std::byte, 1> end{};
  const std::span<std::byte> space(end);
  co_await stream.read_some(space);
}

// From before the handshake's end to the last byte: slow start included, as programs see it.
Task<void> collect(Env& env, Wire* wire, std::uint64_t total, Samples* samples) {
  Stream stream = co_await wait_for_call(env, wire);
  const TimePoint begun = env.clock.now();
  std::vector<std::byte> buffer(64 * 1024);
  const std::span<std::byte> space(buffer);
  for (std::uint64_t received = 0; received < total;) {
    const auto got = co_await stream.read_some(space);
    if (!got || *got == 0) throw std::runtime_error("collect: the stream ended early");
    received += *got;
  }
  const Duration took = env.clock.now() - begun;
  samples->add(static_cast<double>(total) * 1e3 / static_cast<double>(took.count()));
}

Roles transfer(Samples& samples, std::uint64_t total) {
  return {[total](Env& env, Wire* wire) { return pour(env, wire, total); },
          [total, &samples](Env& env, Wire* wire) { return collect(env, wire, total, &samples); }};
}

struct Narrow {
  std::uint64_t bytes_per_second;
  Duration one_way;
  std::uint64_t queue_bytes;
  std::uint32_t buffer_bytes;
  std::uint32_t loss_ppm = 0;
};

Measure throughput(const Narrow& narrow) {
  Setup setup(narrow.one_way);
  setup.link.bandwidth_bytes_per_second = narrow.bytes_per_second;
  setup.link.queue_bytes = narrow.queue_bytes;
  setup.link.loss_ppm = narrow.loss_ppm;
  setup.kernel.buffer_bytes = narrow.buffer_bytes;
  const std::uint64_t total = 3 * narrow.bytes_per_second;
  const std::string loss =
      narrow.loss_ppm == 0 ? "" : fmt::format(", {} % lost", narrow.loss_ppm / 1e4);
  return {fmt::format("throughput, {} MB/s, {} one way, queue {} KiB, buffers {} KiB{}",
                      narrow.bytes_per_second / 1'000'000, format_duration(narrow.one_way),
                      narrow.queue_bytes / 1024, narrow.buffer_bytes / 1024, loss),
          "MB/s",
          setup,
          narrow.loss_ppm == 0 ? 3U : 15U,
          narrow.loss_ppm >= 10'000,  // then it uses a part of the link only
          [total](Samples& samples, unsigned) { return transfer(samples, total); }};
}

Measure short_transfer(std::uint64_t total, Duration one_way) {
  Setup setup(one_way);
  setup.kernel.buffer_bytes = 512 * 1024;
  return {fmt::format("throughput of a transfer of {} KB, {} one way", total / 1000,
                      format_duration(one_way)),
          "MB/s",
          setup,
          5,
          true,
          [total](Samples& samples, unsigned) { return transfer(samples, total); }};
}

// ---- a peer that is cut off ----

Task<void> wait_for_the_end(Env& env, Wire* wire) {
  const Stream stream = co_await wait_for_call(env, wire);
  wire->announce(2);
  co_await netns::reached(env, wire, 3);
}

Task<void> find_out(Env& env, Wire* wire, Samples* samples) {
  Stream stream = co_await call(env, wire);
  co_await netns::reached(env, wire, 2);
  wire->cut(Place::a);
  wire->cut(Place::b);
  const TimePoint begun = env.clock.now();
  const Message message{};
  const std::span<const std::byte> bytes(message);
  const auto sent = co_await write_all(stream, bytes);
  if (!sent) throw std::runtime_error("find_out: " + error_name(sent.error()));
  std::array<std::byte, 1> end{};
  const std::span<std::byte> space(end);
  const auto got = co_await stream.read_some(space);
  if (got || got.error() != std::errc::timed_out) throw std::runtime_error("it did not time out");
  samples->add(milliseconds_in(env.clock.now() - begun));
  wire->announce(3);
}

Measure detection(std::uint32_t retries2, Duration one_way) {
  Setup setup(one_way);
  setup.kernel.retries2 = retries2;
  const auto roles = [](Samples& samples, unsigned) {
    return Roles{[&samples](Env& env, Wire* wire) { return find_out(env, wire, &samples); },
                 wait_for_the_end};
  };
  return {fmt::format("until a writer is timed_out, tcp_retries2={}, {} one way", retries2,
                      format_duration(one_way)),
          "ms",
          setup,
          3,
          true,
          roles};
}

// ---- an outage ----

constexpr Duration writing_interval = 10ms;

// Writes a little all the time: before, during and after the outage.
Task<void> go_on_writing(Env& env, Wire* wire, Duration outage) {
  Stream stream = co_await call(env, wire);
  const Message message{};
  const std::span<const std::byte> bytes(message);
  const TimePoint begun = env.clock.now();
  const TimePoint cut_at = begun + 300ms;
  bool cut = false;
  bool healed = false;
  while (wire->announced() < 2) {
    const auto sent = co_await write_all(stream, bytes);
    if (!sent) throw std::runtime_error("go_on_writing: " + error_name(sent.error()));
    co_await env.clock.sleep_for(writing_interval);
    if (!cut && env.clock.now() >= cut_at) {
      wire->cut(Place::a);
      wire->cut(Place::b);
      cut = true;
    }
    if (!healed && env.clock.now() >= cut_at + outage) {
      // Both worlds have one monotonic clock for all machines.
      wire->note(static_cast<std::uint64_t>(env.clock.now().time_since_epoch().count()));
      wire->mend(Place::a);
      wire->mend(Place::b);
      healed = true;
    }
  }
}

Task<void> note_the_first_byte(Env& env, Wire* wire, Samples* samples) {
  Stream stream = co_await wait_for_call(env, wire);
  Message message{};
  const std::span<std::byte> bytes(message);
  for (;;) {
    const auto got = co_await stream.read_some(bytes);
    if (!got || *got == 0) throw std::runtime_error("note_the_first_byte: the stream ended");
    const std::uint64_t healed = wire->noted();
    if (healed == 0) continue;
    const auto now = static_cast<std::uint64_t>(env.clock.now().time_since_epoch().count());
    samples->add(static_cast<double>(now - healed) / 1e6);
    break;
  }
  wire->announce(2);
  // To the end: unread data would make it a reset.
  for (;;) {
    const auto got = co_await stream.read_some(bytes);
    if (!got || *got == 0) break;
  }
}

Measure recovery(Duration one_way) {
  const auto roles = [](Samples& samples, unsigned repetition) {
    // Another phase of the retransmission timer each time.
    const Duration outage = 2s + repetition * 70ms;
    return Roles{
        [outage](Env& env, Wire* wire) { return go_on_writing(env, wire, outage); },
        [&samples](Env& env, Wire* wire) { return note_the_first_byte(env, wire, &samples); }};
  };
  return {fmt::format("first byte after an outage of 2 s, {} one way", format_duration(one_way)),
          "ms",
          Setup(one_way),
          7,
          true,
          roles};
}

}  // namespace

double Samples::quantile(double part) const {
  const std::lock_guard lock(mutex_);
  std::vector<double> sorted = values_;
  std::ranges::sort(sorted);
  const auto at = static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1) + 0.5);
  return sorted.at(at);
}

std::vector<Measure> all_measures() {
  constexpr std::uint64_t megabyte = 1'000'000;
  constexpr std::uint32_t kibi = 1024;
  return {
      round_trip(1ms, 200),
      round_trip(10ms, 50),
      round_trip(40ms, 20),
      throughput({1 * megabyte, 10ms, 96 * kibi, 64 * kibi}),
      throughput({4 * megabyte, 10ms, 256 * kibi, 256 * kibi}),
      throughput({10 * megabyte, 5ms, 256 * kibi, 256 * kibi}),
      throughput({4 * megabyte, 10ms, 128 * kibi, 1024 * kibi}),
      throughput({4 * megabyte, 10ms, 256 * kibi, 256 * kibi, 1'000}),
      throughput({4 * megabyte, 10ms, 256 * kibi, 256 * kibi, 10'000}),
      short_transfer(20'000, 50ms),
      short_transfer(200'000, 50ms),
      short_transfer(1'000'000, 50ms),
      detection(3, 1ms),
      detection(3, 100ms),
      detection(5, 1ms),
      recovery(1ms),
      recovery(20ms),
  };
}

}  // namespace piccolo::fidelity
