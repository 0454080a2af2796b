#pragma once

// Membership by gossip, in the manner of SWIM (Das, Gupta, Motivala, 2002) without its indirect
// pings: members ping each other, and every message carries all that its sender believes. Who does
// not answer is suspected, and after a while dead; who hears that of itself denies it by a higher
// incarnation.

#include <cstdint>
#include <vector>

#include "gossip/beliefs.hpp"
#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo::zoo {

enum class GossipMistake : std::uint8_t {
  none,
  no_refutation,      // who is suspected lets it stand
  stale_incarnation,  // the death of an earlier incarnation outweighs the life of a later one
  any_ack,  // an acknowledgement counts, whichever ping it is for, and as often as it comes
};

struct Group {
  std::vector<Endpoint> members;
  std::size_t self = 0;
  GossipMistake mistake = GossipMistake::none;
};

// Until it is canceled.
Task<void> run_member(Env& env, Group group, Beliefs& told);

}  // namespace piccolo::zoo
