// Whatever the network does below: the bytes of a stream arrive once, in order, unchanged.

#include "lab.hpp"
#include "piccolo/core/scope.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;

std::byte pattern(std::uint64_t key, std::uint64_t offset) {
  return static_cast<std::byte>(mix64(key ^ offset));
}

// One direction of the stream: how much is written, in pieces of which size, and how it is read.
struct Flow {
  std::uint64_t key = 0;
  std::uint64_t bytes = 0;
  std::size_t write_size = 1;
  std::size_t read_size = 1;
  Duration pause{0};
};

Task<void> sends(Env& env, Stream* stream, Flow flow) {
  std::vector<std::byte> buffer(flow.write_size);
  for (std::uint64_t sent = 0; sent < flow.bytes;) {
    const auto length = std::min<std::uint64_t>(buffer.size(), flow.bytes - sent);
    for (std::uint64_t at = 0; at < length; ++at) buffer[at] = pattern(flow.key, sent + at);
    const std::span<const std::byte> piece = std::span(buffer).first(length);
    const auto taken = co_await stream->write_some(piece);
    if (!taken) throw std::runtime_error("write: " + error_name(taken.error()));
    sent += *taken;
    if (flow.pause.count() > 0) co_await env.clock.sleep_for(flow.pause);
  }
  if (!stream->shutdown_send()) throw std::runtime_error("shutdown_send failed");
}

Task<void> receives(Stream* stream, Flow flow) {
  std::vector<std::byte> buffer(flow.read_size);
  const std::span<std::byte> space(buffer);
  for (std::uint64_t got = 0;;) {
    const auto length = co_await stream->read_some(space);
    if (!length) throw std::runtime_error("read: " + error_name(length.error()));
    if (*length == 0) {
      if (got != flow.bytes) throw std::runtime_error("ended after " + std::to_string(got));
      co_return;
    }
    for (std::uint64_t at = 0; at < *length; ++at) {
      if (buffer[at] != pattern(flow.key, got + at)) throw std::runtime_error("wrong byte");
    }
    got += *length;
  }
}

Task<void> both(Env& env, Stream stream, Flow out, Flow in) {
  Scope scope(env.executor);
  scope.spawn(sends(env, &stream, out));
  scope.spawn(receives(&stream, in));
  co_await scope.join();
}

Task<void> serves(Env& env, Lab* lab, Flow out, Flow in) {
  Listener listener = listen_or_throw(env, lab->at_server());
  Stream stream = co_await accept_or_throw(&listener);
  co_await both(env, std::move(stream), out, in);
  lab->diary.note(env, "server");
}

Task<void> asks(Env& env, Lab* lab, Flow out, Flow in) {
  Stream stream = co_await connect_or_throw(env, lab->at_server());
  co_await both(env, std::move(stream), out, in);
  lab->diary.note(env, "client");
}

template <class T>
T pick(T low, T high) {
  return *rc::gen::inRange<T>(low, static_cast<T>(high + 1));
}

Flow some_flow(std::uint64_t key, std::size_t size_max) {
  Flow flow;
  flow.key = key;
  flow.bytes = pick<std::uint64_t>(0, 5000);
  flow.write_size = pick<std::size_t>(1, size_max);
  flow.read_size = pick<std::size_t>(1, size_max);
  flow.pause = microseconds(pick(0, 300));
  return flow;
}

WorldOptions some_options() {
  WorldOptions options;
  options.tcp.send_buffer = pick<std::uint32_t>(1, 3000);
  options.tcp.receive_buffer = pick<std::uint32_t>(1, 3000);
  options.tcp.segment_bytes_max = pick<std::uint32_t>(1, 1500);
  options.link.latency.shape =
      *rc::gen::element(LatencyModel::Shape::constant, LatencyModel::Shape::uniform,
                        LatencyModel::Shape::long_tailed);
  options.link.latency.base = microseconds(pick(0, 2000));
  options.link.latency.spread = microseconds(pick(0, 20'000));
  options.link.loss_ppm = pick<std::uint32_t>(0, 250'000);
  options.link.duplicate_ppm = pick<std::uint32_t>(0, 250'000);
  options.link.reorder_ppm = pick<std::uint32_t>(0, 250'000);
  options.link.reorder_by = microseconds(pick(0, 20'000));
  if (*rc::gen::arbitrary<bool>()) {
    options.link.bandwidth_bytes_per_second = pick<std::uint64_t>(20'000, 10'000'000);
    options.link.queue_bytes = pick<std::uint64_t>(1500, 20'000);
  }
  options.tcp.wake_delay_max = microseconds(pick(0, 2000));
  // The handshake is to survive as much as the stream does.
  options.tcp.syn_retries = 30;
  options.tcp.synack_retries = 30;
  return options;
}

// Cuts and mends one direction; never for as long as the kernels' patience.
void plan_cuts(Lab& lab) {
  const int cuts = pick(0, 12);
  for (int count = 0; count < cuts; ++count) {
    const bool forth = *rc::gen::arbitrary<bool>();
    const HostId from = forth ? lab.client : lab.server;
    const HostId to = forth ? lab.server : lab.client;
    const Duration start = microseconds(pick(0, 3'000'000));
    const Duration length = microseconds(pick(0, 2'000'000));
    lab.world.at(at(start), [&lab, from, to] { lab.world.cut(from, to); });
    lab.world.at(at(start + length), [&lab, from, to] { lab.world.mend(from, to); });
  }
}

TEST_CASE("jitter, loss and any sizes of buffers change the time of bytes, never the bytes") {
  rc::prop("both directions arrive whole, and nothing is left behind", [] {
    const WorldOptions options = some_options();
    Lab lab(options, *rc::gen::arbitrary<std::uint64_t>());
    const Flow up = some_flow(1, 2000);
    const Flow down = some_flow(2, 2000);
    lab.run(lab.server, [&](Env& env) { return serves(env, &lab, down, up); });
    lab.run(lab.client, [&](Env& env) { return asks(env, &lab, up, down); });
    plan_cuts(lab);
    lab.world.run_until(at(std::chrono::hours(2)));
    if (lab.world.failure()) RC_FAIL(lab.world.failure()->detail);
    RC_ASSERT(lab.diary.lines().size() == std::size_t{2});
    RC_ASSERT(lab.world.live_connections() == std::size_t{0});
  });
}

}  // namespace
}  // namespace piccolo::test
