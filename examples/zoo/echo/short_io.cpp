// Clients send some frames at once and compare what comes back. A stream is bytes: one read may
// give half a frame or several, and one write may take a part of one.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "echo/parts.hpp"
#include "echo/specimens.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "twins.hpp"

namespace piccolo::zoo {
namespace {

enum class Mistake : std::uint8_t { none, short_reads, short_writes };

constexpr Duration batch_pause = std::chrono::seconds(1);
constexpr std::size_t batch = 3;
constexpr std::size_t payload_small = 500;

// Echoes that differed from what was sent.
struct Garbled {
  std::uint64_t count = 0;
  std::string last;
};

// What one read gives is taken for the payload.
Task<Result<Frame>> read_once(Stream& stream) {
  std::array<std::byte, frame_header> header{};
  const auto begun = co_await read_exactly(stream, header);
  if (!begun) co_return failure(begun.error());
  const std::uint64_t length = big_endian(std::span(header).first(4));
  if (length < 8 || length > 8 + frame_payload_max) co_return failure(std::errc::bad_message);
  Frame frame(big_endian(std::span(header).subspan(4)), std::vector<std::byte>(length - 8));
  const auto got = co_await stream.read_some(frame.payload);
  if (!got) co_return failure(got.error());
  co_return std::move(frame);
}

// What one write takes is taken for all.
Task<Result<void>> write_once(Stream& stream, Frame frame) {
  const std::vector<std::byte> bytes = encode(frame);
  const auto taken = co_await stream.write_some(bytes);
  if (!taken) co_return failure(taken.error());
  co_return Result<void>();
}

Task<Result<Frame>> next_frame(Stream& stream, Mistake mistake) {
  if (mistake == Mistake::short_reads) co_return co_await read_once(stream);  // here is the one
  co_return co_await read_frame(stream);
}

Task<Result<void>> echo_frame(Stream& stream, Frame frame, Mistake mistake) {
  if (mistake == Mistake::short_writes) {  // and here the other
    co_return co_await write_once(stream, std::move(frame));
  }
  co_return co_await write_frame(stream, std::move(frame));
}

Task<void> echo(Env& env, Stream stream, Mistake mistake) {
  for (;;) {
    auto frame = co_await with_timeout(env.clock, idle_patience, next_frame(stream, mistake));
    if (!frame) co_return;
    const auto sent = co_await with_timeout(env.clock, answer_patience,
                                            echo_frame(stream, std::move(*frame), mistake));
    if (!sent) co_return;
  }
}

Frame draw_frame(Draws& draws, std::size_t payload_max) {
  const bool small = payload_max < payload_small || draws.chance(3, 4);
  const std::size_t most = small ? std::min(payload_small, payload_max) : payload_max;
  std::vector<std::byte> payload(draws.between(1, most));
  draws.fill(payload);
  return Frame(draws.next(), std::move(payload));
}

Task<void> send_all(Stream& stream, std::vector<Frame> frames) {
  for (const Frame& frame : frames) {
    const auto sent = co_await write_frame(stream, frame);
    if (!sent) co_return;  // the reader notices as well
  }
}

Task<Result<void>> compare_all(Stream& stream, std::vector<Frame> frames, Garbled& garbled) {
  for (const Frame& frame : frames) {
    const auto back = co_await read_frame(stream);
    // A length that no frame has is no frame's.
    const bool mangled = back ? *back != frame : back.error() == std::errc::bad_message;
    if (!mangled && !back) co_return failure(back.error());
    if (!mangled) continue;
    ++garbled.count;
    garbled.last = "an echo has a length that no frame has";
    if (back) {
      garbled.last =
          fmt::format("{} bytes were sent and {} came back, with {}", frame.payload.size(),
                      back->payload.size(), back->id == frame.id ? "the right id" : "another id");
    }
    co_return failure(std::errc::bad_message);
  }
  co_return Result<void>();
}

Task<Result<void>> exchange(Env& env, Line& line, std::vector<Frame> frames, Garbled& garbled) {
  const auto opened = co_await open_line(env, line);
  if (!opened) co_return opened;
  Scope writer(env.executor);
  writer.spawn(send_all(line.stream, frames));
  auto compared = co_await with_timeout(env.clock, answer_patience,
                                        compare_all(line.stream, std::move(frames), garbled));
  writer.cancel();
  co_await writer.join();
  co_return compared;
}

Task<void> client(Env& env, std::string server, Progress& progress, std::size_t number,
                  std::size_t payload_max, Garbled& garbled) {
  Draws draws = env.random.stream("frames");
  Line line{std::move(server), Stream()};
  for (;;) {
    std::vector<Frame> frames;
    frames.reserve(batch);
    for (std::size_t count = 0; count < batch; ++count)
      frames.push_back(draw_frame(draws, payload_max));
    const auto done = co_await exchange(env, line, std::move(frames), garbled);
    if (done) progress.made(number);
    if (!done) line.stream.close();
    const auto slept = co_await env.clock.sleep_for(batch_pause);
    if (!slept) co_return;
  }
}

void build(sim::Simulation& sim, Mistake mistake) {
  const EchoHosts hosts = add_echo_hosts(sim);
  const auto payload_max = static_cast<std::size_t>(sim.parameters().count("payload-bytes"));
  auto& progress =
      Progress::expect(sim, "echoes come back", hosts.clients, std::chrono::seconds(40));
  auto& garbled = sim.keep<Garbled>();
  for (const HostId host : hosts.servers) {
    sim.add_node(host, sim.world().host_name(host), [mistake](Env& env) {
      return serve(
          env, [mistake](Env& on, Stream stream) { return echo(on, std::move(stream), mistake); });
    });
  }
  for (std::size_t number = 0; number < hosts.clients.size(); ++number) {
    const HostId server = hosts.servers[number % hosts.servers.size()];
    sim.add_node(
        hosts.clients[number], sim.world().host_name(hosts.clients[number]),
        [name = sim.world().host_name(server), &progress, number, payload_max, &garbled](Env& env) {
          return client(env, name, progress, number, payload_max, garbled);
        });
  }
  sim.always(
      "echoes are what was sent", [&garbled] { return garbled.count == 0; },
      [&garbled] { return garbled.last; });
}

Specimen specimen(std::string name, std::string about, std::int64_t payload_max, Mistake mistake) {
  sim::WorldDescription world;
  world.name = std::move(name);
  world.about = std::move(about);
  world.parameters = echo_parameters(1, 2);
  world.parameters.push_back(
      sim::Parameter::count("payload-bytes", "Most that a frame carries", payload_max, 1, 8'000));
  world.duration = std::chrono::seconds(15);
  world.faults = all_but("-clock-step");  // nobody asks for the wall clock
  return twins(std::move(world), "echoes are what was sent", mistake, build);
}

}  // namespace

// Each frame fits into one segment, so most reads do give it whole.
Specimen short_reads() {
  return specimen("echo.short-reads", "a server takes what one read gives for a whole payload", 500,
                  Mistake::short_reads);
}

// Some frames do not fit into the buffers of some kernels.
Specimen short_writes() {
  return specimen("echo.short-writes", "a server takes a frame for sent after one write", 6000,
                  Mistake::short_writes);
}

}  // namespace piccolo::zoo
