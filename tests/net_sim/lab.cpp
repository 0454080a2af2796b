#include "lab.hpp"

#include <array>
#include <deque>
#include <utility>

#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"

namespace piccolo::test {

using conformance::listen_or_throw;

void Diary::note(Env& env, std::string_view what) {
  lines_.push_back(format_duration(env.clock.now().time_since_epoch()) + " " + std::string(what));
}

Lab::Lab(const WorldOptions& options, std::uint64_t seed)
    : world(seed, options), client(world.add_host("client")), server(world.add_host("server")) {}

ProcessId Lab::run(HostId host, Program program) {
  const ProcessId process = world.add_process(
      host, "program " + std::to_string(world.process_count()), std::move(program));
  world.start(process);
  return process;
}

ProcessId Lab::run(HostId host, Script script) {
  return run(host, Program([this, script](Env& env) { return script(env, this); }));
}

void Lab::finish() {
  world.run_until_idle();
  if (world.failure()) FAIL(world.failure()->rule + ": " + world.failure()->detail);
}

void Lab::run_for(Duration duration) {
  world.run_until(world.now() + duration);
  if (world.failure()) FAIL(world.failure()->rule + ": " + world.failure()->detail);
}

Endpoint Lab::at_server(std::uint16_t port) const {
  return Endpoint(world.host_address(server), port);
}

TimePoint at(Duration since_start) { return TimePoint(since_start); }

Task<void> connects(Env& env, Lab* lab, Duration hold, std::uint16_t port) {
  const auto stream = co_await env.network.connect(lab->at_server(port));
  lab->diary.note(env, stream ? "connected" : error_name(stream.error()));
  if (stream && hold.count() > 0) co_await env.clock.sleep_for(hold);
}

Task<void> keeps(Env& env, Lab* lab, int backlog, std::uint16_t port) {
  Listener listener = listen_or_throw(env, lab->at_server(port), backlog);
  std::deque<Stream> kept;
  for (;;) {
    auto stream = co_await listener.accept();
    if (!stream) co_return;
    kept.push_back(std::move(*stream));
  }
}

namespace {

Task<void> echo(Stream stream) {
  std::array<std::byte, 4096> buffer{};
  const std::span<std::byte> space(buffer);
  for (;;) {
    const auto got = co_await stream.read_some(space);
    if (!got || *got == 0) co_return;
    const std::span<const std::byte> bytes = space.first(*got);
    const auto sent = co_await write_all(stream, bytes);
    if (!sent) co_return;
  }
}

}  // namespace

Task<void> echoes(Env& env, Lab* lab, std::uint16_t port) {
  Listener listener = listen_or_throw(env, lab->at_server(port));
  Scope scope(env.executor);
  for (;;) {
    auto stream = co_await listener.accept();
    if (!stream) break;
    scope.spawn(echo(std::move(*stream)));
  }
  co_await scope.join();
}

Task<void> reads(Env& env, Lab* lab, std::uint16_t port) {
  Listener listener = listen_or_throw(env, lab->at_server(port));
  Stream stream = co_await conformance::accept_or_throw(&listener);
  for (;;) {
    const std::string got = co_await conformance::read(&stream);
    lab->diary.note(env, got);
    if (got.front() != '[') co_return;
  }
}

}  // namespace piccolo::test
