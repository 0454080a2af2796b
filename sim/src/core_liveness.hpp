#pragma once

// Liveness of a part, in the manner of TigerBeetle: some hosts are healed and must make progress,
// while the others stay cut off, paused or without power.

#include <functional>
#include <string>
#include <vector>

#include "simulation_impl.hpp"

namespace piccolo::sim {

class CoreLiveness {
 public:
  explicit CoreLiveness(Simulation::Impl& simulation) noexcept : sim_(simulation) {}

  // Decides by the seed whether there is a core in this run, and which; breaks the others.
  void draw();
  // Heals the others, before all are stopped.
  void mend();
  std::string story() const;

 private:
  bool wanted() const;
  void break_host(HostId host, Draws& draws);
  void cut(HostId from, HostId to);
  void pause_all(HostId host);

  Simulation::Impl& sim_;
  std::vector<std::function<void()>> mends_;
  std::string rest_;
};

}  // namespace piccolo::sim
