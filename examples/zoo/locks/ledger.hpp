#pragma once

// What really happened with the lock, as an outsider sees it who misses nothing, and what must hold
// of it. Workers, lock service and store tell it; none of them asks it for anything.

#include <cstdint>
#include <string>

#include "piccolo/sim/simulation.hpp"

namespace piccolo::zoo {

class LockLedger {
 public:
  // Grants come in an order, and so do the moments in which somebody acts as the holder: each with
  // a token no older than those before, or else two hold the lock at once.
  void granted(std::uint64_t worker, std::uint64_t token);
  void acted(std::uint64_t worker, std::uint64_t token);
  // The store took a write with that token.
  void stored(std::uint64_t worker, std::uint64_t token);
  void obtained() { ++obtained_; }  // a worker knows that it has the lock

  void declare(sim::Simulation& sim);

 private:
  struct Series {
    std::uint64_t worker = 0;  // the last
    std::uint64_t token = 0;
    std::string offence;  // the first; empty: none
    void add(std::uint64_t by, std::uint64_t with, bool may_repeat);
  };

  Series grants_;
  Series acts_;
  Series stores_;
  std::uint64_t obtained_ = 0;
  std::uint64_t obtained_before_heal_ = 0;
};

}  // namespace piccolo::zoo
