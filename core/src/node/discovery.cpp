#include <algorithm>
#include <optional>
#include <vector>

#include "piccolo/core/in_words.hpp"
#include "piccolo/core/node/backoff.hpp"
#include "piccolo/core/node/parts.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/with_timeout.hpp"

namespace piccolo {
namespace {

enum class Attempt {
  failed,   // nobody could be reached
  met,      // a stream was established, and has ended
  is_self,  // the host is this node
  held,     // another task of this node talks to that peer already
};

// Hands the stream to a peer task of its own and waits in the mailbox for its end.
Task<void> run_peer(Env& env, Stream stream, NodeState& node) {
  Mailbox<PeerEnd> mailbox(1);
  Scope scope(env.executor);
  scope.spawn(node.parts.talk(env, std::move(stream), node, mailbox));
  const auto end = co_await mailbox.receive();
  if (end) env.log.debug("Remote connection failed, sleep and try to reconnect...");
  co_await scope.join();
}

Task<Attempt> connect_and_talk(Env& env, Endpoint target, NodeState& node) {
  env.log.debug("Connecting to external node [{}]...", target);
  auto stream = co_await with_timeout(env.clock, node.config.timing.connect_timeout,
                                      env.network.connect(target));
  if (!stream) {
    env.log.debug("Connecting to [{}] failed: {}", target, in_words(stream.error()));
    co_return Attempt::failed;
  }
  co_await run_peer(env, std::move(*stream), node);
  co_return Attempt::met;
}

// One address of ours among them makes the host ourselves: its other addresses lead here as well.
bool any_is_self(Env& env, const NodeState& node, const std::vector<Endpoint>& targets) {
  std::vector<Address> local;
  if (node.self.needs_addresses()) local = env.network.local_addresses().value_or(local);
  return std::any_of(targets.begin(), targets.end(),
                     [&](const Endpoint& target) { return node.self.is_self(target, local); });
}

// Tries the addresses of the host in turn until one answers.
Task<Attempt> try_host(Env& env, HostPort host, NodeState& node) {
  auto targets = co_await with_timeout(env.clock, node.config.timing.connect_timeout,
                                       env.network.resolve(host.host, host.port));
  if (!targets) {
    env.log.debug("Resolving [{}] failed: {}", host, in_words(targets.error()));
    co_return Attempt::failed;
  }
  if (any_is_self(env, node, *targets)) co_return Attempt::is_self;
  const PeerTable::Claim claim = node.peers.claim(*targets);
  if (!claim) co_return Attempt::held;
  Attempt result = Attempt::failed;
  for (const Endpoint& target : *targets) {
    result = co_await connect_and_talk(env, target, node);
    if (result != Attempt::failed) break;
  }
  co_return result;
}

}  // namespace

Task<void> discover_peer(Env& env, HostPort host, NodeState& node) {
  Backoff backoff(node.config.timing,
                  env.random.stream("node.backoff", site_hash(host.to_string())));
  const bool literal = Address::parse(host.host).has_value();
  std::optional<Attempt> before;
  for (;;) {
    const Attempt result = co_await try_host(env, host, node);
    if (result == Attempt::is_self && before != result) {
      env.log.info("Not connecting to [{}]: that is this node", host);
    }
    if (result == Attempt::held && before != result) {
      env.log.info("Not connecting to [{}]: it is connected under another name", host);
    }
    // What a name means may change; what an address means does not.
    if (result == Attempt::is_self && literal) co_return;
    if (result == Attempt::met) backoff.reset();
    before = result;
    const auto slept = co_await env.clock.sleep_for(backoff.next());
    if (!slept) co_return;
  }
}

}  // namespace piccolo
