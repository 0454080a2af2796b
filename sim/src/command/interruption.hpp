#pragma once

// Ctrl-C, and SIGTERM as engines send it: the first ends a campaign with what is known so far, a
// second one the process.

#include <atomic>

namespace piccolo::sim {

class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  const std::atomic<bool>& flag() const noexcept;
};

}  // namespace piccolo::sim
