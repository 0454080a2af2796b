#pragma once

// How far shrinking is, on standard error: as `Progress` does it.

#include "piccolo/sim/shrink.hpp"

namespace piccolo::sim {

class ShrinkProgressLine {
 public:
  ShrinkProgressLine();
  ~ShrinkProgressLine();  // leaves the terminal's line clean
  ShrinkProgressLine(const ShrinkProgressLine&) = delete;
  ShrinkProgressLine& operator=(const ShrinkProgressLine&) = delete;

  void show(const ShrinkProgress& progress);

 private:
  bool redraws_;
  bool drawn_ = false;
  Duration next_{0};
};

}  // namespace piccolo::sim
