#pragma once

// How long to wait before trying again: doubling from `retry` to `retry_max`, each wait shortened
// by a random share of up to `retry_jitter_percent`, so that nodes that failed together do not
// come back together.

#include "piccolo/core/node/config.hpp"
#include "piccolo/core/random.hpp"

namespace piccolo {

class Backoff {
 public:
  Backoff(const TimingConfig& timing, Draws draws) noexcept
      : first_(timing.retry),
        max_(timing.retry_max),
        jitter_percent_(timing.retry_jitter_percent),
        next_(timing.retry),
        draws_(draws) {}

  Duration next() noexcept {
    const Duration full = next_;
    next_ = full > max_ / 2 ? max_ : full * 2;
    return full - draws_.between(Duration(0), full / 100 * jitter_percent_);
  }
  void reset() noexcept { next_ = first_; }

 private:
  Duration first_;
  Duration max_;
  std::int64_t jitter_percent_;
  Duration next_;
  Draws draws_;
};

}  // namespace piccolo
