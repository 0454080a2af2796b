#include "gossip/beliefs.hpp"

#include <fmt/format.h>

namespace piccolo::zoo {
namespace {

// So many make a suspect of a member: who sends one more has to be in doubt by then.
constexpr std::uint32_t pings_in_vain_max = 3;

}  // namespace

Beliefs::Beliefs(std::size_t members)
    : rows_(members, std::vector<Entry>(members)), runs_(members, false) {}

void Beliefs::believes(std::size_t who, std::size_t about, const Belief& belief) {
  Entry& entry = rows_[who][about];
  // It may have said so before it died.
  if (belief.incarnation != entry.incarnation) entry.pings_in_vain = 0;
  entry.health = belief.health;
  entry.incarnation = belief.incarnation;
}

void Beliefs::pinged(std::size_t who, std::size_t about) {
  Entry& entry = rows_[who][about];
  if (runs_[about]) return;
  ++entry.pings_in_vain;
  if (entry.health != Health::alive || entry.pings_in_vain <= pings_in_vain_max) return;
  overlooked_ = fmt::format("n{} pinged n{} {} times since that is dead, and takes it for alive",
                            who + 1, about + 1, entry.pings_in_vain);
}

void Beliefs::process_started(ProcessId process) {
  runs_[process] = true;
  rows_[process].assign(rows_.size(), Entry());
}

void Beliefs::process_ended(ProcessId process, bool) {
  runs_[process] = false;
  for (auto& row : rows_) row[process].pings_in_vain = 0;
}

}  // namespace piccolo::zoo
