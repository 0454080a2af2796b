#pragma once

// Who watches one run: what an observer of a world is told, and what the run itself is about.

#include <string_view>

#include "piccolo/net_sim/observer.hpp"
#include "piccolo/net_sim/world.hpp"
#include "piccolo/sim/fault_plan.hpp"

namespace piccolo {

class RunObserver : public Observer {
 public:
  // What programs log below this is not even formatted.
  virtual LogLevel level() const noexcept = 0;
  // The world is there, still without hosts; it outlives the run's calls, not the run.
  virtual void follow(World& /*world*/) {}
  // Before the first of them strikes; processes are started already.
  virtual void planned(const FaultPlan& /*plan*/, const FaultScene& /*scene*/) {}
  // Prose about the world as a whole.
  virtual void note(std::string_view /*text*/) {}
};

}  // namespace piccolo
