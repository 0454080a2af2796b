#pragma once

// The parts a node is made of. `run_node` puts the standard ones together; a program of its own
// may replace one (another service on accepted streams, another way of finding peers).

#include <functional>

#include "piccolo/core/env.hpp"
#include "piccolo/core/mailbox.hpp"
#include "piccolo/core/node/config.hpp"
#include "piccolo/core/node/peer_table.hpp"
#include "piccolo/core/node/self.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo {

struct NodeState;

// Why talking to a peer ended; success when this node shut the connection down as planned.
using PeerEnd = std::error_code;

// Serves one accepted stream: echoes what arrives until the peer hangs up. One task a connection.
Task<void> echo_connection(Env& env, Stream stream, NodeState& node);

// Keeps one configured host connected, for ever. One task a host.
Task<void> discover_peer(Env& env, HostPort host, NodeState& node);

// Uses an established stream: messages and their echoes, hold, shut down. Sends exactly one
// report, unless canceled.
Task<void> talk_to_peer(Env& env, Stream stream, NodeState& node, Mailbox<PeerEnd>& report);

struct NodeParts {
  Task<void> (*echo)(Env&, Stream, NodeState&) = &echo_connection;
  Task<void> (*discover)(Env&, HostPort, NodeState&) = &discover_peer;
  Task<void> (*talk)(Env&, Stream, NodeState&, Mailbox<PeerEnd>&) = &talk_to_peer;
};

// What the tasks of one node share. Lives as long as the node runs.
struct NodeState {
  NodeState(NodeConfig with, NodeParts made_of) : config(std::move(with)), parts(made_of) {}

  NodeConfig config;
  NodeParts parts;
  Self self;
  PeerTable peers;
};

// `run_node`, with some parts replaced.
Task<Result<void>> run_node_with(Env& env, NodeConfig config, NodeParts parts,
                                 std::function<void(const Endpoint&)> bound);

}  // namespace piccolo
