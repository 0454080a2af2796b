// An operation that is destroyed or canceled while it is pending is forgotten: nothing is written
// into its buffer any more, nothing it might have got is lost, and the world goes on.

#include "piccolo/core/mailbox.hpp"
#include "support.hpp"

namespace piccolo::test {
namespace {

// What a victim leaves behind: how often it got as far as its result, and what that was.
struct Trace {
  int completed = 0;
  std::error_code error;
};

template <class T>
void note(Trace* trace, const Result<T>& result) {
  ++trace->completed;
  if (!result) trace->error = result.error();
}

Task<void> read_victim(Stream* stream, std::span<std::byte> buffer, Trace* trace) {
  const auto got = co_await stream->read_some(buffer);
  note(trace, got);
}

Task<void> write_victim(Stream* stream, Trace* trace) {
  const std::vector<std::byte> chunk(1 << 16);
  const auto taken = co_await stream->write_some(chunk);
  note(trace, taken);
}

Task<void> accept_victim(Listener* listener, Trace* trace) {
  const auto stream = co_await listener->accept();
  note(trace, stream);
}

Task<void> connect_victim(Env& env, Endpoint to, Trace* trace) {
  const auto stream = co_await env.network.connect(to);
  note(trace, stream);
}

Task<void> sleep_victim(Env& env, Duration time, Trace* trace) {
  const auto slept = co_await env.clock.sleep_for(time);
  note(trace, slept);
}

Task<void> resolve_victim(Env& env, std::string host, Trace* trace) {
  const auto found = co_await env.network.resolve(host, 1);
  note(trace, found);
}

Task<void> receive_victim(Mailbox<int>* mailbox, Trace* trace) {
  const auto value = co_await mailbox->receive();
  note(trace, value);
}

Task<void> send_victim(Mailbox<int>* mailbox, int value, Trace* trace) {
  const auto sent = co_await mailbox->send(value);
  note(trace, sent);
}

enum class Way { destroyed, canceled };

// Lets the victim come to its operation, and ends it there.
Task<void> end_while_pending(Env& env, Task<void> victim, Way way, Trace* trace) {
  {
    Scope scope(env.executor);
    scope.spawn(std::move(victim));
    co_await pause(env, 5ms);
    REQUIRE(trace->completed == 0);
    if (way == Way::canceled) {
      scope.cancel();
      co_await scope.join();
    }
  }
  REQUIRE(trace->completed == (way == Way::canceled ? 1 : 0));
  if (way == Way::canceled) REQUIRE(is_canceled(trace->error));
}

Task<void> forget_read(Env& env, Way way) {
  Pair pair = co_await connect_pair(env);
  std::array<std::byte, 8> untouched{};
  Trace trace;
  co_await end_while_pending(env, read_victim(&pair.client, untouched, &trace), way, &trace);
  const auto sent = co_await pair.server.write_some(bytes_of("late"));
  REQUIRE(sent == 4);
  co_await pause(env, 5ms);  // readable, and nobody reads
  std::array<std::byte, 4> late{};
  const auto read = co_await read_exactly(pair.client, late);
  REQUIRE(read);
  REQUIRE(text_of(late) == "late");
  co_await require_sends(pair.server, pair.client, "later");
  REQUIRE(untouched == std::array<std::byte, 8>());
}

Task<void> forget_write(Env& env, Way way) {
  Pair pair = co_await connect_pair(env);
  const std::size_t filled = co_await fill(env, pair.client);
  Trace trace;
  co_await end_while_pending(env, write_victim(&pair.client, &trace), way, &trace);
  std::vector<std::byte> drained(filled);
  const auto read = co_await read_exactly(pair.server, drained);
  REQUIRE(read);
  co_await pause(env, 5ms);  // writable, and nobody writes
  // Nothing of the forgotten write comes in between.
  co_await require_sends(pair.client, pair.server, "later");
}

Task<void> forget_accept(Env& env, Way way) {
  auto listener = env.network.listen(any_port());
  REQUIRE(listener);
  Trace trace;
  co_await end_while_pending(env, accept_victim(&*listener, &trace), way, &trace);
  auto client = co_await env.network.connect(listener->local_endpoint());
  REQUIRE(client);
  auto server = co_await listener->accept();
  REQUIRE(server);
  co_await require_sends(*client, *server, "later");
}

// Linux lets one more connection in than the backlog says; then SYNs are dropped.
Task<void> forget_connect(Env& env, Way way) {
  ListenOptions options;
  options.backlog = 0;
  auto listener = env.network.listen(any_port(), options);
  REQUIRE(listener);
  auto first = co_await env.network.connect(listener->local_endpoint());
  REQUIRE(first);
  Trace trace;
  const Endpoint full = listener->local_endpoint();
  const std::size_t before = open_descriptors();
  co_await end_while_pending(env, connect_victim(env, full, &trace), way, &trace);
  REQUIRE(open_descriptors() == before);
  auto server = co_await listener->accept();
  REQUIRE(server);
  co_await require_sends(*first, *server, "later");
}

Task<void> forget_sleep(Env& env, Way way) {
  Trace trace;
  co_await end_while_pending(env, sleep_victim(env, 200ms, &trace), way, &trace);
  const int before = trace.completed;
  co_await pause(env, 250ms);
  REQUIRE(trace.completed == before);
}

Task<void> forget_resolve(Env& env, Way way) {
  Trace trace;
  {
    Scope scope(env.executor);
    scope.spawn(resolve_victim(env, "localhost", &trace));
    // Zero: a fiber's turn, so that the lookup has begun, and hardly more.
    co_await pause(env, 0ms);
    if (way == Way::canceled) {
      scope.cancel();
      co_await scope.join();
    }
  }
  const int before = trace.completed;
  co_await pause(env, 50ms);
  REQUIRE(trace.completed == before);
  auto found = co_await env.network.resolve("localhost", 7);
  REQUIRE(found);
}

Task<void> forget_mailbox(Env& env, Way way) {
  Mailbox<int> mailbox(1);
  Trace trace;
  co_await end_while_pending(env, receive_victim(&mailbox, &trace), way, &trace);
  REQUIRE(mailbox.try_send(1));
  Trace sending;
  co_await end_while_pending(env, send_victim(&mailbox, 2, &sending), way, &sending);
  const auto first = co_await mailbox.receive();
  REQUIRE(first == 1);
  REQUIRE(mailbox.size() == 0);
}

using Forget = Task<void> (*)(Env&, Way);

void check(Forget forget) {
  for (const Way way : {Way::destroyed, Way::canceled}) {
    run_real([=](Env& env) { return forget(env, way); });
  }
}

}  // namespace

TEST_CASE("a forgotten read leaves its buffer alone and loses no data") { check(forget_read); }
TEST_CASE("a forgotten write sends nothing") { check(forget_write); }
TEST_CASE("a forgotten accept takes no connection") { check(forget_accept); }
TEST_CASE("a forgotten connect closes its socket") { check(forget_connect); }
TEST_CASE("a forgotten sleep wakes nobody") { check(forget_sleep); }
TEST_CASE("a forgotten lookup calls nobody") { check(forget_resolve); }
TEST_CASE("a forgotten mailbox operation takes and gives nothing") { check(forget_mailbox); }

}  // namespace piccolo::test
