// Links of limited bandwidth with finite queues.

#include "lab.hpp"
#include "piccolo/core/stream_io.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;

constexpr std::size_t two_megabytes = 2'000'000;

Task<void> sends_two_megabytes(Env& env, Lab* lab) {
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  const std::string all(two_megabytes, 'x');
  const std::span<const std::byte> bytes = std::as_bytes(std::span(all));
  const auto sent = co_await write_all(stream, bytes);
  CHECK(outcome(sent) == "ok");
}

Task<void> takes_all(Env& env, Lab* lab, std::size_t* bytes, TimePoint* end) {
  Listener listener = listen_or_throw(env, lab->at_server());
  Stream stream = co_await accept_or_throw(&listener);
  *bytes = co_await conformance::drain(&stream);
  *end = env.clock.now();
}

// Bytes per second that a program gets out of the link.
std::uint64_t goodput(const LinkOptions& link) {
  WorldOptions options;
  options.link = link;
  options.tcp.send_buffer = 1024 * 1024;
  options.tcp.receive_buffer = 1024 * 1024;
  Lab lab(options);
  std::size_t bytes = 0;
  TimePoint end;
  lab.run(lab.server, [&](Env& env) { return takes_all(env, &lab, &bytes, &end); });
  lab.run(lab.client, [&](Env& env) { return sends_two_megabytes(env, &lab); });
  lab.finish();
  CHECK(bytes == two_megabytes);
  return bytes * 1000 / static_cast<std::uint64_t>(end.time_since_epoch() / milliseconds(1));
}

LinkOptions limited(std::uint64_t queue_bytes) {
  LinkOptions link;
  link.latency.base = milliseconds(5);
  link.bandwidth_bytes_per_second = 1'000'000;
  link.queue_bytes = queue_bytes;
  return link;
}

TEST_CASE("a stream gets what the link has, less the headers") {
  const std::uint64_t got = goodput(limited(2 * 1024 * 1024));
  INFO(got);
  CHECK(got <= 1'000'000ULL * 1448 / 1500);
  CHECK(got > 940'000);
}

TEST_CASE("a queue that overflows costs retransmissions, and little of the throughput") {
  const std::uint64_t got = goodput(limited(20'000));
  INFO(got);
  CHECK(got > 850'000);
}

TEST_CASE("a queue of one packet is enough to get through") {
  const std::uint64_t got = goodput(limited(1500));
  INFO(got);
  // Of two segments at once the second is lost, and one alone is acknowledged after 40 ms.
  CHECK(got > 50'000);
}

}  // namespace
}  // namespace piccolo::test
