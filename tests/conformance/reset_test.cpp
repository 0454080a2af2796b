// The disorderly end: RST, who learns of it, by which name, and how often.

#include <algorithm>
#include <vector>

#include "piccolo/core/scope.hpp"
#include "talk.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

// A connection whose server end was closed with a byte unread: that makes it a reset.
Task<Pair> reset_pair(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await write(&pair.client, "x");
  co_await settle(env);
  pair.server.close();
  co_await settle(env);
  co_return pair;
}

Task<void> reads_after_a_reset(Env& env) {
  Pair pair = co_await reset_pair(env);
  const std::string first = co_await read(&pair.client);
  CHECK(first == "connection_reset");
  const std::string second = co_await read(&pair.client);
  CHECK(second == "end");
  const std::string third = co_await write(&pair.client, "?");
  CHECK(third == "broken_pipe");
}

CONFORMANCE("closing with unread data resets: a read tells it once, then it is the end") {
  run(backend, [](Env& env) { return reads_after_a_reset(env); });
}

Task<void> writes_after_a_reset(Env& env) {
  Pair pair = co_await reset_pair(env);
  const std::string first = co_await write(&pair.client, "?");
  CHECK(first == "connection_reset");
  const std::string second = co_await write(&pair.client, "?");
  CHECK(second == "broken_pipe");
  const std::string third = co_await read(&pair.client);
  CHECK(third == "end");
}

CONFORMANCE("closing with unread data resets: a write tells it once, then it is a broken pipe") {
  run(backend, [](Env& env) { return writes_after_a_reset(env); });
}

Task<void> shuts_down_after_a_reset(Env& env) {
  Pair pair = co_await reset_pair(env);
  CHECK(outcome(pair.client.shutdown_send()) == "not_connected");
  const std::string first = co_await read(&pair.client);
  CHECK(first == "connection_reset");
  CHECK(outcome(pair.client.shutdown_send()) == "not_connected");
}

CONFORMANCE("shutting down after a reset is not_connected, and does not take the error away") {
  run(backend, [](Env& env) { return shuts_down_after_a_reset(env); });
}

Task<void> reads_what_came_before_the_reset(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await write(&pair.server, "hello");
  co_await write(&pair.client, "x");
  co_await settle(env);
  pair.server.close();
  co_await settle(env);
  // tcp_reset() drops what was to be sent, and keeps what was received.
  const std::string got = co_await read_all(&pair.client);
  CHECK(got == "hello|connection_reset");
  const std::string end = co_await read(&pair.client);
  CHECK(end == "end");
}

CONFORMANCE("what arrived before a reset can still be read") {
  run(backend, [](Env& env) { return reads_what_came_before_the_reset(env); });
}

Task<void> writes_to_a_closed_peer(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await write(&pair.server, "bye");
  pair.server.close();
  co_await settle(env);
  const std::string first = co_await write(&pair.client, "1");
  CHECK(first == "1");
  co_await settle(env);
  // The end had arrived before the reset that answers the write. tcp_recvmsg() looks at that first,
  // so reading never meets the error; for writing tcp_reset() names it EPIPE in CLOSE_WAIT.
  const std::string got = co_await read_all(&pair.client);
  CHECK(got == "bye|end");
  const std::string second = co_await write(&pair.client, "2");
  CHECK(second == "broken_pipe");
  const std::string third = co_await write(&pair.client, "3");
  CHECK(third == "broken_pipe");
  const std::string end = co_await read(&pair.client);
  CHECK(end == "end");
  CHECK(outcome(pair.client.shutdown_send()) == "not_connected");
}

CONFORMANCE("a write to a peer that closed is taken once, and is a broken pipe after its reset") {
  run(backend, [](Env& env) { return writes_to_a_closed_peer(env); });
}

Task<void> sends_after_half_closing_to_a_closed_peer(Env& env) {
  Pair pair = co_await connected_pair(env);
  CHECK(outcome(pair.server.shutdown_send()) == "ok");
  pair.server.close();
  co_await settle(env);
  co_await write(&pair.client, "1");
  co_await settle(env);
  CHECK(outcome(pair.client.shutdown_send()) == "not_connected");
  const std::string got = co_await read(&pair.client);
  CHECK(got == "end");
}

CONFORMANCE("a reset that answers a write closes both directions") {
  run(backend, [](Env& env) { return sends_after_half_closing_to_a_closed_peer(env); });
}

Task<void> is_reset_in_last_ack(Env& env) {
  Pair pair = co_await connected_pair(env);
  CHECK(outcome(pair.server.shutdown_send()) == "ok");
  co_await fill(env, &pair.client);
  // Its FIN waits behind the data, but shutdown() has left CLOSE_WAIT at once.
  CHECK(outcome(pair.client.shutdown_send()) == "ok");
  pair.server.close();
  co_await settle(env);
  const std::string end = co_await read(&pair.client);
  CHECK(end == "end");
  const std::string first = co_await write(&pair.client, "?");
  CHECK(first == "connection_reset");
  const std::string second = co_await write(&pair.client, "?");
  CHECK(second == "broken_pipe");
}

CONFORMANCE("a reset after both ends were ended is connection_reset, even to a write") {
  run(backend, [](Env& env) { return is_reset_in_last_ack(env); });
}

Task<void> resets_a_waiting_reader(Env& env) {
  Pair pair = co_await connected_pair(env);
  std::string pending;
  Scope scope(env.executor);
  scope.spawn(read_into(&pair.client, &pending));
  co_await write(&pair.client, "x");
  co_await settle(env);
  CHECK(pending.empty());
  pair.server.close();
  co_await scope.join();
  CHECK(pending == "connection_reset");
}

CONFORMANCE("a reset wakes a waiting read") {
  run(backend, [](Env& env) { return resets_a_waiting_reader(env); });
}

Task<void> resets_a_waiting_writer(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await fill(env, &pair.client);
  std::string pending;
  Scope scope(env.executor);
  scope.spawn(write_into(&pair.client, "more", &pending));
  co_await settle(env);
  CHECK(pending.empty());
  pair.server.close();
  co_await scope.join();
  CHECK(pending == "connection_reset");
  const std::string end = co_await read(&pair.client);
  CHECK(end == "end");
}

CONFORMANCE("a reset wakes a waiting write") {
  run(backend, [](Env& env) { return resets_a_waiting_writer(env); });
}

Task<void> resets_both(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await fill(env, &pair.client);
  std::string reading;
  std::string writing;
  Scope scope(env.executor);
  scope.spawn(read_into(&pair.client, &reading));
  scope.spawn(write_into(&pair.client, "more", &writing));
  co_await settle(env);
  pair.server.close();
  co_await scope.join();
  // The kernel keeps one error for both; which of the two waiting gets it is nobody's promise.
  const bool reader_was_told = reading == "connection_reset" && writing == "broken_pipe";
  const bool writer_was_told = reading == "end" && writing == "connection_reset";
  INFO("the read: " << reading << ", the write: " << writing);
  CHECK((reader_was_told || writer_was_told));
}

CONFORMANCE("of a waiting read and a waiting write one is told of a reset, both are woken") {
  run(backend, [](Env& env) { return resets_both(env); });
}

Task<void> closes_after_the_end_with_unread_data(Env& env) {
  Pair pair = co_await connected_pair(env);
  co_await write(&pair.client, "unread");
  CHECK(outcome(pair.client.shutdown_send()) == "ok");
  co_await settle(env);
  pair.server.close();
  co_await settle(env);
  const std::string got = co_await read(&pair.client);
  CHECK(got == "connection_reset");
}

CONFORMANCE("unread data makes a close a reset also after the peer's end") {
  run(backend, [](Env& env) { return closes_after_the_end_with_unread_data(env); });
}

Task<void> closes_finished_with_unread_data(Env& env) {
  Pair pair = co_await connected_pair(env);
  CHECK(outcome(pair.server.shutdown_send()) == "ok");
  co_await settle(env);
  co_await write(&pair.client, "unread");
  CHECK(outcome(pair.client.shutdown_send()) == "ok");
  co_await settle(env);
  // The connection is over for both: there is nothing left to reset.
  pair.server.close();
  co_await settle(env);
  const std::string got = co_await read(&pair.client);
  CHECK(got == "end");
  const std::string late = co_await write(&pair.client, "?");
  CHECK(late == "broken_pipe");
}

CONFORMANCE("closing a connection that is over resets nothing, unread data or not") {
  run(backend, [](Env& env) { return closes_finished_with_unread_data(env); });
}

}  // namespace
}  // namespace piccolo::conformance
