// The orderly end: FIN in one direction, in both, and what may still be done then.

#include "piccolo/core/scope.hpp"
#include "talk.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

Task<void> reads_the_end(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await write(&pair.client, "last words");
  pair.client.close();
  co_await settle(env);
  const std::string words = co_await read(&pair.server);
  CHECK(words == "[last words]");
  for (int count = 0; count < 3; ++count) {
    const std::string end = co_await read(&pair.server);
    CHECK(end == "end");
  }
}

CONFORMANCE("a read at the end of the stream gives 0, every time") {
  run(backend, [](Env& env) { return reads_the_end(env); });
}

// `first` and `second` are the two ends of one connection.
Task<void> half_closes(Env& env, Stream* first, Stream* second) {
  CHECK(outcome(first->shutdown_send()) == "ok");
  const std::string end = co_await read(second);
  CHECK(end == "end");
  const std::string sent = co_await write(second, "still here");
  CHECK(sent == "10");
  const std::string got = co_await read(first);
  CHECK(got == "[still here]");
  const std::string refused = co_await write(first, "no more");
  CHECK(refused == "broken_pipe");
  CHECK(outcome(second->shutdown_send()) == "ok");
  const std::string other_end = co_await read(first);
  CHECK(other_end == "end");
  co_await settle(env);
  // Both directions are over: neither end is connected any more.
  CHECK(outcome(first->shutdown_send()) == "not_connected");
  CHECK(outcome(second->shutdown_send()) == "not_connected");
  const std::string too_late = co_await write(second, "?");
  CHECK(too_late == "broken_pipe");
  const std::string still = co_await read(second);
  CHECK(still == "end");
}

Task<void> client_half_closes(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await half_closes(env, &pair.client, &pair.server);
}

Task<void> server_half_closes(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await half_closes(env, &pair.server, &pair.client);
}

CONFORMANCE("data flows back after the client ended its direction") {
  run(backend, [](Env& env) { return client_half_closes(env); });
}

CONFORMANCE("data flows back after the server ended its direction") {
  run(backend, [](Env& env) { return server_half_closes(env); });
}

Task<void> shuts_down_twice(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await write(&pair.client, "bye");
  CHECK(outcome(pair.client.shutdown_send()) == "ok");
  CHECK(outcome(pair.client.shutdown_send()) == "ok");
  co_await settle(env);
  CHECK(outcome(pair.client.shutdown_send()) == "ok");
  const std::string got = co_await read_all(&pair.server);
  CHECK(got == "bye|end");
}

CONFORMANCE("shutting down twice is allowed, and ends the stream once, after its data") {
  run(backend, [](Env& env) { return shuts_down_twice(env); });
}

Task<void> both_end(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await write(&pair.client, "c");
  co_await write(&pair.server, "s");
  CHECK(outcome(pair.client.shutdown_send()) == "ok");
  CHECK(outcome(pair.server.shutdown_send()) == "ok");
  const std::string at_server = co_await read_all(&pair.server);
  CHECK(at_server == "c|end");
  const std::string at_client = co_await read_all(&pair.client);
  CHECK(at_client == "s|end");
  co_await settle(env);
  const std::string late = co_await write(&pair.client, "?");
  CHECK(late == "broken_pipe");
}

CONFORMANCE("both ends may end at once, and both read everything") {
  run(backend, [](Env& env) { return both_end(env); });
}

Task<void> both_close(Env& env) {
  Pair pair = co_await connected_pair(env);
  pair.client.close();
  pair.server.close();
  co_await settle(env);
  Pair next = co_await connected_pair(env);
  co_await write(&next.client, "fine");
  const std::string got = co_await read(&next.server);
  CHECK(got == "[fine]");
}

CONFORMANCE("both ends may close at once") {
  run(backend, [](Env& env) { return both_close(env); });
}

Task<void> ends_under_a_write(Env& env) {
  Pair pair = co_await connected_pair(env);
  const std::size_t sent = co_await fill(env, &pair.client);
  std::string pending;
  Scope scope(env.executor);
  scope.spawn(write_into(&pair.client, "more", &pending));
  co_await settle(env);
  CHECK(outcome(pair.client.shutdown_send()) == "ok");
  co_await scope.join();
  CHECK(pending == "broken_pipe");
  const std::size_t got = co_await drain(&pair.server);
  CHECK(got == sent);
}

CONFORMANCE("a write that waits when its direction is ended is broken_pipe") {
  run(backend, [](Env& env) { return ends_under_a_write(env); });
}

Task<void> closes_with_everything_under_way(Env& env) {
  Pair pair = co_await connected_pair(env);
  const std::size_t sent = co_await fill(env, &pair.client);
  pair.client.close();
  const std::size_t got = co_await drain(&pair.server);
  CHECK(got == sent);
}

CONFORMANCE("what was written before a close still arrives") {
  run(backend, [](Env& env) { return closes_with_everything_under_way(env); });
}

}  // namespace
}  // namespace piccolo::conformance
