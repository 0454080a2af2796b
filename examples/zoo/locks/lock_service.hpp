#pragma once

// A lock that is granted for a time, and the store that it guards (Gray and Cheriton, "Leases",
// SOSP 1989; Burrows, "The Chubby lock service", OSDI 2006). Each grant has a token, greater than
// those before; the store takes no write with an older token than one that it has seen, since a
// write may come long after it was sent.

#include <cstdint>

#include "locks/ledger.hpp"
#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo::zoo {

enum class LockMistake : std::uint8_t {
  none,
  // of workers
  wall_clock,        // a lease ends when both wall clocks say so
  no_margin,         // a lease is as long by the worker's clock as by the service's
  never_steps_down,  // who has had the lock has it, even if no renewal gets through
  // of the store
  no_fencing,  // takes every write
  // of the lock service
  unconfirmed_grants,  // a lease's time begins with its first renewal
  forgets_tokens,      // tokens are counted from the start of the process
};

enum LockMessage : std::uint64_t {
  acquire,  // worker; answered by `grant` or `refusal`
  renew,    // worker, token; answered by `grant` or `refusal`
  release,  // worker, token; answered by `refusal`: it has the lock no longer
  grant,    // token, time from now in ns, until when by the service's wall clock in ns
  refusal,
  write,  // worker, token; answered by `stored` or `refusal`
  stored,
};

// These survive the process and the power: what is assigned is written.
struct LockDisk {
  std::uint64_t holder = 0;  // workers have numbers from 1 on; 0: nobody
  std::uint64_t token = 0;   // the last
  bool confirmed = false;    // was it renewed since it was granted?
};
struct StoreDisk {
  std::uint64_t token = 0;
};

struct LockConfig {
  Endpoint at;
  Duration lease{0};
  LockDisk* disk = nullptr;
  LockLedger* ledger = nullptr;
  LockMistake mistake = LockMistake::none;
};
struct StoreConfig {
  Endpoint at;
  StoreDisk* disk = nullptr;
  LockLedger* ledger = nullptr;
  LockMistake mistake = LockMistake::none;
};

Task<void> lock_service(Env& env, LockConfig config);
Task<void> guarded_store(Env& env, StoreConfig config);

}  // namespace piccolo::zoo
