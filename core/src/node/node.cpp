#include "piccolo/core/node/node.hpp"

#include <utility>

#include "piccolo/core/error.hpp"
#include "piccolo/core/in_words.hpp"
#include "piccolo/core/node/parts.hpp"
#include "piccolo/core/scope.hpp"

namespace piccolo {
namespace {

// After a failed accept (no descriptors left, say) the node waits before it asks again, instead
// of spinning.
constexpr Duration accept_pause = std::chrono::milliseconds(100);

Task<Result<Endpoint>> first_endpoint(Env& env, const DiscoveryConfig& config) {
  auto found = co_await env.network.resolve(config.bind_host, config.bind_port);
  if (!found) {
    env.log.error("Cannot resolve bind_host [{}]: {}", config.bind_host, in_words(found.error()));
    co_return failure(found.error());
  }
  co_return found->front();
}

// Tries the port and then successively higher ones while they are taken.
Result<Listener> bind_climbing(Env& env, Endpoint at) {
  for (;;) {
    env.log.info("Binding {}...", at);
    auto listener = env.network.listen(at);
    if (listener) {
      env.log.info("Server bound on {}", listener->local_endpoint());
      return listener;
    }
    if (listener.error() != std::errc::address_in_use || at.port == 0 || at.port == 65535) {
      env.log.error("Cannot bind {}: {}", at, in_words(listener.error()));
      return listener;
    }
    env.log.error("Port [{}] taken, trying higher", at.port);
    ++at.port;
  }
}

Task<void> accept_forever(Env& env, Listener listener, NodeState& node) {
  Scope connections(env.executor);
  for (;;) {
    auto stream = co_await listener.accept();
    if (!stream && is_canceled(stream.error())) break;
    if (!stream) {
      env.log.error("Accepting failed: {}; trying again in {}", in_words(stream.error()),
                    in_words(accept_pause));
      const auto slept = co_await env.clock.sleep_for(accept_pause);
      if (!slept) break;
      continue;
    }
    const Endpoint peer = stream->remote_endpoint();
    env.log.debug("Accepting connection from [{}]", peer);
    if (connections.size() >= node.config.limits.connections_max) {
      env.log.warn("Closing connection from [{}]: {} are open already", peer, connections.size());
    } else {
      connections.spawn(node.parts.echo(env, std::move(*stream), node));
    }
  }
  listener.close();
  co_await connections.join();
}

Task<void> discover_all(Env& env, NodeState& node) {
  Scope peers(env.executor);
  for (const HostPort& host : node.config.discovery.hosts) {
    peers.spawn(node.parts.discover(env, host, node));
  }
  co_await peers.join();
}

}  // namespace

Task<Result<void>> run_node_with(Env& env, NodeConfig config, NodeParts parts,
                                 std::function<void(const Endpoint&)> bound) {
  NodeState node(std::move(config), parts);
  const auto at = co_await first_endpoint(env, node.config.discovery);
  if (!at) co_return failure(at.error());
  auto listener = bind_climbing(env, *at);
  if (!listener) co_return failure(listener.error());
  const Endpoint got = listener->local_endpoint();
  node.config.discovery.bind_port = got.port;
  node.self.listening_on(got);
  if (bound) bound(got);
  Scope halves(env.executor);
  halves.spawn(accept_forever(env, std::move(*listener), node));
  halves.spawn(discover_all(env, node));
  co_await halves.join();
  co_return Result<void>();
}

Task<Result<void>> run_node(Env& env, NodeConfig config,
                            std::function<void(const Endpoint&)> bound) {
  co_return co_await run_node_with(env, std::move(config), NodeParts(), std::move(bound));
}

Task<Result<void>> run_node(Env& env, NodeConfig config) {
  co_return co_await run_node_with(env, std::move(config), NodeParts(), nullptr);
}

Task<void> serve(Env& env, Listener listener, NodeConfig config) {
  NodeState node(std::move(config), NodeParts());
  co_await accept_forever(env, std::move(listener), node);
}

}  // namespace piccolo
