#pragma once

// Progress of a sweep, on standard error: one line that redraws itself on a terminal, a plain line
// every few seconds elsewhere.

#include "piccolo/sim/sweep.hpp"

namespace piccolo::cli {

class Progress {
 public:
  Progress();
  ~Progress();  // leaves the terminal's line clean
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const SweepProgress& progress);

 private:
  bool terminal_;
  bool drawn_ = false;
  Duration next_{0};
};

}  // namespace piccolo::cli
