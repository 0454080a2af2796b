// Wrong uses are told by name, and hurt nobody else: two operations at once, closed handles.

#include <utility>

#include "piccolo/core/scope.hpp"
#include "talk.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

Task<void> reads_twice_at_once(Env& env) {
  Pair pair = co_await connected_pair(env);
  std::string first;
  std::string second;
  Scope scope(env.executor);
  scope.spawn(read_into(&pair.server, &first));
  co_await settle(env);
  scope.spawn(read_into(&pair.server, &second));
  co_await settle(env);
  CHECK(first.empty());
  CHECK(second == "concurrent_read");
  co_await write(&pair.client, "mine");
  co_await scope.join();
  CHECK(first == "[mine]");
}

CONFORMANCE("a second read at a time is concurrent_read, and the first goes on") {
  run(backend, [](Env& env) { return reads_twice_at_once(env); });
}

Task<void> writes_twice_at_once(Env& env) {
  Pair pair = co_await connected_pair(env);
  const std::size_t sent = co_await fill(env, &pair.client);
  std::string first;
  std::string second;
  Scope scope(env.executor);
  scope.spawn(write_into(&pair.client, "first", &first));
  co_await settle(env);
  scope.spawn(write_into(&pair.client, "second", &second));
  co_await settle(env);
  CHECK(first.empty());
  CHECK(second == "concurrent_write");
  Scope reader(env.executor);
  reader.spawn([](Stream* stream, std::size_t expected) -> Task<void> {
    const std::size_t got = co_await drain(stream);
    CHECK(got == expected);
  }(&pair.server, sent + 5));
  co_await scope.join();
  CHECK(first == "5");
  pair.client.close();
  co_await reader.join();
}

CONFORMANCE("a second write at a time is concurrent_write, and the first goes on") {
  run(backend, [](Env& env) { return writes_twice_at_once(env); });
}

Task<void> closes_under_a_read(Env& env) {
  Pair pair = co_await connected_pair(env);
  std::string pending;
  Scope scope(env.executor);
  scope.spawn(read_into(&pair.client, &pending));
  co_await settle(env);
  pair.client.close();
  co_await scope.join();
  CHECK(pending == "operation_canceled");
  const std::string end = co_await read(&pair.server);
  CHECK(end == "end");
}

CONFORMANCE("closing cancels a pending read") {
  run(backend, [](Env& env) { return closes_under_a_read(env); });
}

Task<void> closes_under_a_write(Env& env) {
  Pair pair = co_await connected_pair(env);
  const std::size_t sent = co_await fill(env, &pair.client);
  std::string pending;
  Scope scope(env.executor);
  scope.spawn(write_into(&pair.client, "more", &pending));
  co_await settle(env);
  pair.client.close();
  co_await scope.join();
  CHECK(pending == "operation_canceled");
  const std::size_t got = co_await drain(&pair.server);
  CHECK(got == sent);
}

CONFORMANCE("closing cancels a pending write, of which nothing is sent") {
  run(backend, [](Env& env) { return closes_under_a_write(env); });
}

Task<void> uses_closed_handles(Env& env) {
  Pair pair = co_await connected_pair(env);
  pair.client.close();
  pair.client.close();
  CHECK(!pair.client.is_open());
  const std::string got = co_await read(&pair.client);
  CHECK(got == "bad_file_descriptor");
  const std::string sent = co_await write(&pair.client, "?");
  CHECK(sent == "bad_file_descriptor");
  CHECK(outcome(pair.client.shutdown_send()) == "bad_file_descriptor");

  Stream moved = std::move(pair.server);
  CHECK(moved.is_open());
  const std::string end = co_await read(&moved);
  CHECK(end == "end");

  Listener listener = listen_or_throw(env, loopback(0));
  listener.close();
  listener.close();
  CHECK(!listener.is_open());
  const auto accepted = co_await listener.accept();
  CHECK(outcome(accepted) == "bad_file_descriptor");
}

CONFORMANCE("operations on a closed handle are bad_file_descriptor") {
  run(backend, [](Env& env) { return uses_closed_handles(env); });
}

Task<void> never_opens(Env&) {
  Stream stream;
  CHECK(!stream.is_open());
  const std::string got = co_await read(&stream);
  CHECK(got == "bad_file_descriptor");
  Listener listener;
  const auto accepted = co_await listener.accept();
  CHECK(outcome(accepted) == "bad_file_descriptor");
}

CONFORMANCE("operations on a handle that was never opened are bad_file_descriptor") {
  run(backend, [](Env& env) { return never_opens(env); });
}

Task<void> assigns_over(Env& env) {
  Pair first = co_await connected_pair(env);
  Pair second = co_await connected_pair(env);
  first.client = std::move(second.client);
  const std::string end = co_await read(&first.server);
  CHECK(end == "end");
  co_await write(&first.client, "hers");
  const std::string got = co_await read(&second.server);
  CHECK(got == "[hers]");
}

CONFORMANCE("assigning over a stream closes it") {
  run(backend, [](Env& env) { return assigns_over(env); });
}

Task<void> sets_keep_alive(Env& env) {
  Pair pair = co_await connected_pair(env);
  KeepAlive how;
  how.enabled = true;
  CHECK(outcome(pair.client.set_keep_alive(how)) == "ok");
  how.idle = std::chrono::milliseconds(1500);
  CHECK(outcome(pair.client.set_keep_alive(how)) == "invalid_argument");
  how.idle = std::chrono::seconds(0);
  CHECK(outcome(pair.client.set_keep_alive(how)) == "invalid_argument");
  how.idle = std::chrono::seconds(32'768);
  CHECK(outcome(pair.client.set_keep_alive(how)) == "invalid_argument");
  how.idle = std::chrono::seconds(1);
  how.probes = 128;
  CHECK(outcome(pair.client.set_keep_alive(how)) == "invalid_argument");
  pair.client.close();
  how.probes = 1;
  CHECK(outcome(pair.client.set_keep_alive(how)) == "bad_file_descriptor");
}

CONFORMANCE("keepalive takes whole seconds within the kernel's limits, on an open stream") {
  run(backend, [](Env& env) { return sets_keep_alive(env); });
}

}  // namespace
}  // namespace piccolo::conformance
