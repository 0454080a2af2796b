// Accepting: the queue of connections that nobody has taken yet.

#include "piccolo/core/scope.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "talk.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {
namespace {

Task<void> accepts_late(Env& env) {
  Listener listener = listen_or_throw(env, loopback(0));
  for (const char* const word : {"one", "two", "three"}) {
    Stream client = co_await connect_or_throw(env, listener.local_endpoint());
    const std::string sent = co_await write(&client, word);
    CHECK(sent == std::to_string(std::string_view(word).size()));
  }
  co_await settle(env);
  for (const char* const word : {"one", "two", "three"}) {
    Stream server = co_await accept_or_throw(&listener);
    const std::string got = co_await read_all(&server);
    CHECK(got == std::string(word) + "|end");
  }
}

CONFORMANCE("connections whose clients have sent and closed are accepted in their order") {
  run(backend, [](Env& env) { return accepts_late(env); });
}

Task<void> abandons_the_waiting(Env& env) {
  Listener listener = listen_or_throw(env, loopback(0));
  Stream silent = co_await connect_or_throw(env, listener.local_endpoint());
  Stream talker = co_await connect_or_throw(env, listener.local_endpoint());
  co_await write(&talker, "anybody?");
  Stream ended = co_await connect_or_throw(env, listener.local_endpoint());
  CHECK(outcome(ended.shutdown_send()) == "ok");
  co_await settle(env);
  listener.close();
  const std::string first = co_await read(&silent);
  CHECK(first == "connection_reset");
  const std::string second = co_await read(&talker);
  CHECK(second == "connection_reset");
  const std::string third = co_await read(&ended);
  CHECK(third == "connection_reset");
  const std::string again = co_await read(&silent);
  CHECK(again == "end");
}

CONFORMANCE("closing a listener resets the connections that nobody accepted") {
  run(backend, [](Env& env) { return abandons_the_waiting(env); });
}

Task<void> accepts_twice_at_once(Env& env) {
  Listener listener = listen_or_throw(env, loopback(0));
  std::string first;
  std::string second;
  Scope scope(env.executor);
  scope.spawn(accept_into(&listener, &first));
  co_await settle(env);
  scope.spawn(accept_into(&listener, &second));
  co_await settle(env);
  CHECK(first.empty());
  CHECK(second == "concurrent_accept");
  const Stream client = co_await connect_or_throw(env, listener.local_endpoint());
  co_await scope.join();
  CHECK(first == "ok");
}

CONFORMANCE("a second accept at a time is concurrent_accept, and the first goes on") {
  run(backend, [](Env& env) { return accepts_twice_at_once(env); });
}

Task<void> closes_under_an_accept(Env& env) {
  Listener listener = listen_or_throw(env, loopback(0));
  const Endpoint at = listener.local_endpoint();
  std::string pending;
  Scope scope(env.executor);
  scope.spawn(accept_into(&listener, &pending));
  co_await settle(env);
  listener.close();
  co_await scope.join();
  CHECK(pending == "operation_canceled");
  const auto stream = co_await env.network.connect(at);
  CHECK(outcome(stream) == "connection_refused");
}

CONFORMANCE("closing a listener cancels its pending accept") {
  run(backend, [](Env& env) { return closes_under_an_accept(env); });
}

Task<void> accepts_after_a_timeout(Env& env) {
  Listener listener = listen_or_throw(env, loopback(0));
  const Duration patience = std::chrono::milliseconds(20);
  for (int count = 0; count < 3; ++count) {
    const auto none = co_await with_timeout(env.clock, patience, listener.accept());
    CHECK(outcome(none) == "timed_out");
  }
  Stream client = co_await connect_or_throw(env, listener.local_endpoint());
  Stream server = co_await accept_or_throw(&listener);
  co_await write(&client, "here");
  const std::string got = co_await read(&server);
  CHECK(got == "[here]");
}

CONFORMANCE("an accept that timed out leaves the listener as it was") {
  run(backend, [](Env& env) { return accepts_after_a_timeout(env); });
}

Task<void> waits_for_room(Env& env) {
  Listener listener = listen_or_throw(env, loopback(0), 1);
  const Endpoint at = listener.local_endpoint();
  // Linux lets one connection more wait than the backlog says: sk_acceptq_is_full compares with
  // `>`.
  const Stream first = co_await connect_or_throw(env, at);
  const Stream second = co_await connect_or_throw(env, at);
  co_await settle(env);
  const Duration patience = std::chrono::milliseconds(300);
  const auto third = co_await with_timeout(env.clock, patience, env.network.connect(at));
  CHECK(outcome(third) == "timed_out");
  for (const Stream* const client : {&first, &second}) {
    const Stream server = co_await accept_or_throw(&listener);
    CHECK(server.remote_endpoint() == client->local_endpoint());
  }
  const Stream fourth = co_await connect_or_throw(env, at);
  const Stream server = co_await accept_or_throw(&listener);
  CHECK(server.remote_endpoint() == fourth.local_endpoint());
}

CONFORMANCE("a full backlog leaves a client waiting, loses nobody, and works again afterwards") {
  run(backend, [](Env& env) { return waits_for_room(env); });
}

}  // namespace
}  // namespace piccolo::conformance
