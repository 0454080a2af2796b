#pragma once

#include "piccolo/core/node/parts.hpp"

namespace piccolo::test {

Task<void> forget_to_reconnect(Env& env, HostPort host, NodeState& node);
Task<void> filter_by_configured_address(Env& env, HostPort host, NodeState& node);
Task<void> open_without_looking(Env& env, HostPort host, NodeState& node);
Task<void> lose_the_retry_timer(Env& env, HostPort host, NodeState& node);
Task<void> ignore_cancellation(Env& env, HostPort host, NodeState& node);

}  // namespace piccolo::test
