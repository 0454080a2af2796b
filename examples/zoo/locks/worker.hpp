#pragma once

// Takes the lock, writes to the store a number of times, and gives the lock back: again and again.

#include <cstdint>

#include "locks/lock_service.hpp"

namespace piccolo::zoo {

struct WorkerConfig {
  Endpoint locks;
  Endpoint store;
  std::uint64_t self = 0;         // from 1 on
  std::int64_t renewals_max = 0;  // of one lease
  Duration work_most{0};
  LockLedger* ledger = nullptr;
  LockMistake mistake = LockMistake::none;
};

Task<void> lock_worker(Env& env, WorkerConfig config);

}  // namespace piccolo::zoo
