#pragma once

// The inside of a worker process: takes seeds from its campaign, runs them, and sends results back.

#include "piccolo/sim/campaign.hpp"
#include "worker_board.hpp"

namespace piccolo::sim {

struct WorkerTask {
  const WorldDescription& world;
  const Scenario& scenario;
  const CampaignOptions& options;
};

// Ends the process when the campaign closes the socket. Whatever else ends it is a
// crash of the seed that the slot names.
[[noreturn]] void worker_loop(const WorkerTask& task, WorkerSlot& slot, int socket) noexcept;

}  // namespace piccolo::sim
