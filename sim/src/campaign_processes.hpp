#pragma once

// A campaign in worker processes: whatever a run does to its process, the campaign goes on.

#include "piccolo/sim/campaign.hpp"

namespace piccolo::sim {

CampaignResult run_in_processes(const WorldDescription& world, const Scenario& scenario,
                                const CampaignOptions& options);

}  // namespace piccolo::sim
