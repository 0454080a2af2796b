#include "locks/ledger.hpp"

#include <fmt/format.h>

namespace piccolo::zoo {
namespace {

// All that is left to do after the faults is to work, and to poll; if the holder is gone, a lease
// runs out, and a worker that stalls does so for two.
Duration moves_within(const sim::Simulation& sim) {
  return std::chrono::seconds(15) + 4 * sim.parameters().time("lease");
}

}  // namespace

void LockLedger::Series::add(std::uint64_t by, std::uint64_t with, bool may_repeat) {
  const bool in_order = with > token || (may_repeat && with == token);
  if (!in_order && offence.empty()) {
    offence = fmt::format("w{} with token {}, after w{} with token {}", by, with, worker, token);
  }
  worker = by;
  token = with;
}

void LockLedger::granted(std::uint64_t worker, std::uint64_t token) {
  grants_.add(worker, token, false);
}

void LockLedger::acted(std::uint64_t worker, std::uint64_t token) {
  acts_.add(worker, token, true);
}

void LockLedger::stored(std::uint64_t worker, std::uint64_t token) {
  stores_.add(worker, token, true);
}

void LockLedger::declare(sim::Simulation& sim) {
  sim.always(
      "tokens grow", [this] { return grants_.offence.empty(); },
      [this] { return "granted to " + grants_.offence; });
  sim.always(
      "one holder", [this] { return acts_.offence.empty(); },
      [this] { return "acting as the holder: " + acts_.offence; });
  sim.always(
      "no late write", [this] { return stores_.offence.empty(); },
      [this] { return "the store took a write of " + stores_.offence; });
  sim.at_heal([this] { obtained_before_heal_ = obtained_; });
  sim.eventually(
      "the lock moves on", moves_within(sim), [this] { return obtained_ > obtained_before_heal_; },
      [this] { return fmt::format("w{} was the last to be granted the lock", grants_.worker); });
  sim.counter("locks obtained", [this] { return obtained_; });
}

}  // namespace piccolo::zoo
