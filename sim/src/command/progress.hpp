#pragma once

// Progress of a campaign, on standard error: one line that redraws itself on a terminal, a plain
// line every few seconds elsewhere, and where the variable CI says that nobody looks.

#include "piccolo/sim/campaign.hpp"

namespace piccolo::sim {

// Is standard error a terminal, with somebody at it?
bool somebody_watches();

class Progress {
 public:
  Progress();
  ~Progress();  // leaves the terminal's line clean
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const CampaignProgress& progress);

 private:
  void draw(const CampaignProgress& progress);

  bool redraws_;
  bool colors_;
  bool drawn_ = false;
  Duration next_{0};
};

}  // namespace piccolo::sim
