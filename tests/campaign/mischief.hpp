#pragma once

// A tiny world whose only node does what no program should, on the seeds that a test chooses.

#include <functional>

#include "piccolo/sim/campaign.hpp"

namespace piccolo::campaign_test {

enum class Deed {
  nothing,
  break_invariant,
  fail_assertion,
  dereference_null,
  call_exit,          // with 3
  close_descriptors,  // all of them
  terminate,          // by an exception out of a noexcept function
  loop,               // for ever, without an await
  write_and_crash,    // much to standard error
  dawdle,             // 600 ms of real time
  throw_in_build,     // std::invalid_argument
};

using Deeds = std::function<Deed(std::uint64_t seed)>;

// One host, one node, no faults; a few events, which differ from seed to seed.
sim::WorldDescription mischief(Deeds deeds);

// Does `deed` on the seeds that `every` divides, nothing on the others.
Deeds on_every(std::uint64_t every, Deed deed);

// Its build counts how often it was called, in this process, and lets the traces know.
sim::WorldDescription forgetful_world();
// Likewise, but only a counter of the world knows.
sim::WorldDescription miscounting_world();

sim::CampaignResult run(const sim::WorldDescription& world, const sim::CampaignOptions& options);
// Seeds 1 to `last`.
sim::CampaignOptions options_for(std::uint64_t last, unsigned jobs, bool isolate);

}  // namespace piccolo::campaign_test
