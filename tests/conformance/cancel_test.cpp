// Giving up: on time, with the whole task, or because the frame goes away. The stream stays whole.

#include <memory>
#include <optional>

#include "piccolo/core/scope.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "talk.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

constexpr Duration patience = std::chrono::milliseconds(20);

Task<void> times_out_reading(Env& env) {
  Pair pair = co_await connected_pair(env);
  for (int count = 0; count < 3; ++count) {
    std::array<std::byte, 16> buffer{};
    const std::span<std::byte> space(buffer);
    const auto none = co_await with_timeout(env.clock, patience, pair.server.read_some(space));
    CHECK(outcome(none) == "timed_out");
  }
  co_await write(&pair.client, "whole");
  const std::string got = co_await read(&pair.server);
  CHECK(got == "[whole]");
}

CONFORMANCE("a read that timed out takes no byte away") {
  run(backend, [](Env& env) { return times_out_reading(env); });
}

Task<void> times_out_writing(Env& env) {
  Pair pair = co_await connected_pair(env);
  // Each round of filling ends in a write that times out.
  const std::size_t first = co_await fill(env, &pair.client);
  const std::size_t second = co_await fill(env, &pair.client);
  pair.client.close();
  const std::size_t got = co_await drain(&pair.server);
  CHECK(got == first + second);
}

CONFORMANCE("a write that timed out sent nothing") {
  run(backend, [](Env& env) { return times_out_writing(env); });
}

Task<void> times_out_connecting(Env& env) {
  Listener listener = listen_or_throw(env, loopback(0), 0);
  const Endpoint at = listener.local_endpoint();
  Stream first = co_await connect_or_throw(env, at);
  co_await settle(env);
  for (int count = 0; count < 3; ++count) {
    const auto stream = co_await with_timeout(env.clock, patience, env.network.connect(at));
    CHECK(outcome(stream) == "timed_out");
  }
  Stream server = co_await accept_or_throw(&listener);
  co_await write(&first, "first");
  const std::string got = co_await read(&server);
  CHECK(got == "[first]");
}

CONFORMANCE("a connect that timed out disturbs no other") {
  run(backend, [](Env& env) { return times_out_connecting(env); });
}

Task<void> sleeps_into(Env& env, std::string* result) {
  const auto slept = co_await env.clock.sleep_for(std::chrono::hours(1));
  *result = outcome(slept);
}

// What is pending, and the streams it is pending on.
struct Stage {
  Pair quiet;
  Pair full;
  Listener listener;
  std::size_t written = 0;
};

Task<void> set_up(Env& env, Stage* stage) {
  stage->quiet = co_await connected_pair(env);
  stage->full = co_await connected_pair(env);
  stage->listener = listen_or_throw(env, loopback(0));
  const std::size_t written = co_await fill(env, &stage->full.client);
  stage->written = written;
}

// After everything that was pending on it was given up, all works as if it had never been.
Task<void> check(Env& env, Stage* stage) {
  co_await write(&stage->quiet.client, "quiet");
  const std::string got = co_await read(&stage->quiet.server);
  CHECK(got == "[quiet]");
  stage->full.client.close();
  const std::size_t drained = co_await drain(&stage->full.server);
  CHECK(drained == stage->written);
  Stream client = co_await connect_or_throw(env, stage->listener.local_endpoint());
  Stream server = co_await accept_or_throw(&stage->listener);
  co_await write(&client, "new");
  const std::string news = co_await read(&server);
  CHECK(news == "[new]");
}

void spawn_all(Env& env, Scope& scope, Stage& stage, std::array<std::string, 4>& results) {
  scope.spawn(read_into(&stage.quiet.server, &results[0]));
  scope.spawn(write_into(&stage.full.client, "never", &results[1]));
  scope.spawn(accept_into(&stage.listener, &results[2]));
  scope.spawn(sleeps_into(env, &results[3]));
}

Task<void> cancels_a_scope(Env& env) {
  Stage stage;
  co_await set_up(env, &stage);
  std::array<std::string, 4> results;
  Scope scope(env.executor);
  spawn_all(env, scope, stage, results);
  co_await settle(env);
  scope.cancel();
  co_await scope.join();
  for (const std::string& result : results) CHECK(result == "operation_canceled");
  co_await check(env, &stage);
}

CONFORMANCE("canceling a scope cancels whatever its tasks wait for, and loses no byte") {
  run(backend, [](Env& env) { return cancels_a_scope(env); });
}

Task<void> destroys_frames(Env& env) {
  Stage stage;
  co_await set_up(env, &stage);
  std::array<std::string, 4> results;
  {
    Scope scope(env.executor);
    spawn_all(env, scope, stage, results);
    co_await settle(env);
  }
  for (const std::string& result : results) CHECK(result.empty());
  co_await check(env, &stage);
}

CONFORMANCE("destroying the frames of waiting tasks leaves the streams whole") {
  run(backend, [](Env& env) { return destroys_frames(env); });
}

// Cleans up after it was canceled, as a task should: neither call waits, so neither fails.
Task<void> ends_and_closes(Env& env, Pair* pair, std::string* result) {
  const auto slept = co_await env.clock.sleep_for(std::chrono::hours(1));
  *result = outcome(slept);
  *result += " " + outcome(pair->client.shutdown_send());
  const std::string refused = co_await write(&pair->client, "late");
  *result += " " + refused;
  pair->server.close();
}

Task<void> cleans_up_when_canceled(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await write(&pair.client, "said before");
  const std::string before = co_await read(&pair.server);
  std::string result;
  Scope scope(env.executor);
  scope.spawn(ends_and_closes(env, &pair, &result));
  co_await settle(env);
  scope.cancel();
  co_await scope.join();
  CHECK(before == "[said before]");
  CHECK(result == "operation_canceled ok operation_canceled");
  const std::string end = co_await read(&pair.client);
  CHECK(end == "end");
}

CONFORMANCE("a canceled task may end its direction and close, which do not wait") {
  run(backend, [](Env& env) { return cleans_up_when_canceled(env); });
}

Task<void> resolves(Env& env) { co_await env.network.resolve("localhost", 80); }

Task<void> destroys_outside_operations(Env& env) {
  Listener listener = listen_or_throw(env, loopback(0), 0);
  const Endpoint at = listener.local_endpoint();
  Stream first = co_await connect_or_throw(env, at);
  co_await settle(env);
  std::string never;
  {
    Scope scope(env.executor);
    scope.spawn(connect_into(env, at, &never));
    scope.spawn(resolves(env));
    co_await env.clock.sleep_for(Duration(0));
  }
  {
    Scope scope(env.executor);
    scope.spawn(connect_into(env, at, &never));
    co_await settle(env);
  }
  CHECK(never.empty());
  Stream server = co_await accept_or_throw(&listener);
  co_await write(&server, "alone");
  const std::string got = co_await read(&first);
  CHECK(got == "[alone]");
}

CONFORMANCE("destroying a task that connects or resolves leaves no trace") {
  run(backend, [](Env& env) { return destroys_outside_operations(env); });
}

Task<void> owns_and_reads(Stream stream, bool* returned) {
  co_await read(&stream);
  *returned = true;
}

Task<void> drops_a_stream_in_mid_read(Env& env) {
  Pair pair = co_await connected_pair(env);
  bool returned = false;
  {
    Scope scope(env.executor);
    scope.spawn(owns_and_reads(std::move(pair.client), &returned));
    co_await settle(env);
  }
  CHECK(!returned);
  const std::string end = co_await read(&pair.server);
  CHECK(end == "end");
}

CONFORMANCE("a frame destroyed in mid read closes the stream that it owns") {
  run(backend, [](Env& env) { return drops_a_stream_in_mid_read(env); });
}

}  // namespace
}  // namespace piccolo::conformance
