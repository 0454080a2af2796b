#pragma once

// Liveness of a part, in the manner of TigerBeetle: some hosts are healed and must make progress,
// while the others stay cut off, paused or without power.

#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "simulation_impl.hpp"

namespace piccolo::sim {

std::string to_line(const BrokenHost& broken, const World& world);  // "n3 cut off"
// The error is one line that begins with the place.
std::expected<std::vector<BrokenHost>, std::string> parse_broken(
    const Simulation::Impl& simulation);

class CoreLiveness {
 public:
  explicit CoreLiveness(Simulation::Impl& simulation) noexcept : sim_(simulation) {}

  // Which hosts stay broken, and how: as the scenario says, or drawn by the seed. Without any there
  // is no core. To be asked when the world is built.
  std::vector<BrokenHost> choose() const;
  // Breaks them.
  void strike(const std::vector<BrokenHost>& broken);
  // Heals the others, before all are stopped.
  void mend();
  std::string story() const;

 private:
  std::vector<BrokenHost::Way> ways_to_choose() const;
  bool wanted() const;
  std::vector<BrokenHost> draw() const;
  void break_host(const BrokenHost& broken);
  void cut(HostId from, HostId to);
  void pause_all(HostId host);

  Simulation::Impl& sim_;
  std::vector<std::function<void()>> mends_;
  std::string rest_;
};

}  // namespace piccolo::sim
