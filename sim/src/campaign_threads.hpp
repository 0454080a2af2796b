#pragma once

// A campaign on threads of this process: the fastest, as long as nothing crashes.

#include "piccolo/sim/campaign.hpp"

namespace piccolo::sim {

CampaignResult run_on_threads(const WorldDescription& world, const Scenario& scenario,
                              const CampaignOptions& options);

}  // namespace piccolo::sim
