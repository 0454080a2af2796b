#pragma once

// What the fidelity experiment measures, by two programs that cannot tell in which world they run.

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "wire.hpp"

namespace piccolo::fidelity {

// Of one quantity in one world; filled by programs on any thread.
class Samples {
 public:
  void add(double value) {
    const std::lock_guard lock(mutex_);
    values_.push_back(value);
  }
  bool empty() const { return values_.empty(); }
  // The part of the samples, 0 to 1, that lies below the result. There must be some.
  double quantile(double part) const;

 private:
  mutable std::mutex mutex_;
  std::vector<double> values_;
};

struct Roles {
  netns::Role at_a;
  netns::Role at_b;
};

struct Measure {
  std::string name;
  std::string unit;
  netns::Setup setup;
  unsigned repetitions = 1;
  bool mostly_waits = false;  // so its repetitions may run at once without harm
  std::function<Roles(Samples& samples, unsigned repetition)> roles;
};

std::vector<Measure> all_measures();

}  // namespace piccolo::fidelity
