// Mistakes in finding peers.

#include "broken_discovery.hpp"

#include "piccolo/core/error.hpp"
#include "piccolo/core/in_words.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/with_timeout.hpp"

namespace piccolo::test {
namespace {

// The addresses to try: none when the host is the node itself, or on failure.
Task<std::vector<Endpoint>> targets_of(Env& env, HostPort host, NodeState& node) {
  auto targets = co_await env.network.resolve(host.host, host.port);
  const auto local = env.network.local_addresses();
  std::vector<Endpoint> others;
  if (!targets) co_return others;
  for (const Endpoint& target : *targets) {
    if (node.self.is_self(target, *local)) co_return std::vector<Endpoint>();
    others.push_back(target);
  }
  co_return others;
}

Task<Result<Stream>> connect(Env& env, NodeState& node, Endpoint target) {
  auto stream = co_await with_timeout(env.clock, node.config.timing.connect_timeout,
                                      env.network.connect(target));
  co_return std::move(stream);
}

// Talks until the stream ends, and tells why it did.
Task<Result<PeerEnd>> talk(Env& env, Stream stream, NodeState& node) {
  Mailbox<PeerEnd> mailbox(1);
  Scope scope(env.executor);
  scope.spawn(node.parts.talk(env, std::move(stream), node, mailbox));
  auto end = co_await mailbox.receive();
  co_await scope.join();
  co_return end;
}

}  // namespace

// Takes the peer's hanging up for a farewell.
Task<void> forget_to_reconnect(Env& env, HostPort host, NodeState& node) {
  const auto targets = co_await targets_of(env, host, node);
  if (targets.empty()) co_return;
  const PeerTable::Claim claim = node.peers.claim(targets);
  if (!claim) co_return;
  for (;;) {
    auto stream = co_await connect(env, node, targets.front());
    if (stream) {
      const auto end = co_await talk(env, std::move(*stream), node);
      if (end && *end == Errc::end_of_stream) co_return;
    }
    const auto slept = co_await env.clock.sleep_for(node.config.timing.retry);
    if (!slept) co_return;
  }
}

// Filters by the address as it was configured, not by what was bound: the original's mistake.
Task<void> filter_by_configured_address(Env& env, HostPort host, NodeState& node) {
  const auto targets = co_await env.network.resolve(host.host, host.port);
  if (!targets || host.host == node.config.discovery.bind_host) co_return;
  for (;;) {
    auto stream = co_await connect(env, node, targets->front());
    if (stream) {
      const auto end = co_await talk(env, std::move(*stream), node);
      if (!end) co_return;
    }
    const auto slept = co_await env.clock.sleep_for(node.config.timing.retry);
    if (!slept) co_return;
  }
}

// Opens the next stream when the retry time is over, whether or not the last one has ended.
Task<void> open_without_looking(Env& env, HostPort host, NodeState& node) {
  const auto targets = co_await targets_of(env, host, node);
  if (targets.empty()) co_return;
  Mailbox<PeerEnd> mailbox(1000);
  Scope scope(env.executor);
  for (;;) {
    auto stream = co_await connect(env, node, targets.front());
    if (stream) scope.spawn(node.parts.talk(env, std::move(*stream), node, mailbox));
    const auto slept = co_await env.clock.sleep_for(node.config.timing.retry);
    if (!slept) break;
  }
  co_await scope.join();
}

// A refusal right after a time-out takes the branch that forgot to arm the timer.
Task<void> lose_the_retry_timer(Env& env, HostPort host, NodeState& node) {
  const auto targets = co_await targets_of(env, host, node);
  if (targets.empty()) co_return;
  const PeerTable::Claim claim = node.peers.claim(targets);
  if (!claim) co_return;
  Mailbox<int> timer(1);
  bool timed_out_before = false;
  for (;;) {
    auto stream = co_await connect(env, node, targets.front());
    if (stream) {
      const auto end = co_await talk(env, std::move(*stream), node);
      if (!end) co_return;
    } else if (stream.error() == std::errc::connection_refused && timed_out_before) {
      const auto woken = co_await timer.receive();
      if (!woken) co_return;
    }
    timed_out_before = !stream && stream.error() == std::errc::timed_out;
    const auto slept = co_await env.clock.sleep_for(node.config.timing.retry);
    if (!slept) co_return;
  }
}

// Tries again whatever went wrong, even when it was told to stop.
Task<void> ignore_cancellation(Env& env, HostPort host, NodeState& node) {
  const auto targets = co_await targets_of(env, host, node);
  if (targets.empty()) co_return;
  const PeerTable::Claim claim = node.peers.claim(targets);
  while (claim) {
    auto stream = co_await connect(env, node, targets.front());
    if (stream) {
      const auto end = co_await talk(env, std::move(*stream), node);
      if (!end) env.log.debug("Talking ended: {}", in_words(end.error()));
    }
    const auto slept = co_await env.clock.sleep_for(node.config.timing.retry);
    if (!slept) env.log.debug("Sleeping ended: {}", in_words(slept.error()));
  }
}

}  // namespace piccolo::test
