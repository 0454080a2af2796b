#include "piccolo/sim/campaign.hpp"

#include "campaign_processes.hpp"
#include "campaign_threads.hpp"

namespace piccolo::sim {

CampaignResult run_campaign(const WorldDescription& world, const Scenario& scenario,
                            const CampaignOptions& options) {
  return options.isolate ? run_in_processes(world, scenario, options)
                         : run_on_threads(world, scenario, options);
}

}  // namespace piccolo::sim
