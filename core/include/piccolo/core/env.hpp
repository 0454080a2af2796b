#pragma once

// Everything a node may know of the world around it. The same node runs over the real network and
// in the simulated one; it has no way to tell which. The environment outlives every task.

#include <string>

#include "piccolo/core/clock.hpp"
#include "piccolo/core/executor.hpp"
#include "piccolo/core/logger.hpp"
#include "piccolo/core/network.hpp"
#include "piccolo/core/probes.hpp"
#include "piccolo/core/random.hpp"

namespace piccolo {

struct Env {
  Executor& executor;
  Network& network;
  Clock& clock;
  const Random& random;
  Logger& log;
  Probes probes{};
};

}  // namespace piccolo
