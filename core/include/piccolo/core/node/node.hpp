#pragma once

// The node: binds, echoes whatever it accepts, and keeps a connection to every other node it was
// told of. Written against `Env` alone.

#include <functional>
#include <vector>

#include "piccolo/core/env.hpp"
#include "piccolo/core/node/config.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo {

// Binds `bind_host:bind_port`, climbing to higher ports while they are taken; then accepts and
// discovers until canceled. Fails when it cannot bind at all. `bound` (may be empty) is told the
// endpoint that was got.
Task<Result<void>> run_node(Env& env, NodeConfig config,
                            std::function<void(const Endpoint&)> bound);
Task<Result<void>> run_node(Env& env, NodeConfig config);

// The accepting half alone, on a listener that is bound already: for further threads that share
// the port. Ends when canceled.
Task<void> serve(Env& env, Listener listener, NodeConfig config);

}  // namespace piccolo
