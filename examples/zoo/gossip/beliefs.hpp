#pragma once

// What the members of a group believe of each other, as told by themselves, and whether that can
// be so, as seen from outside. Members are processes, numbered from 0 alike.

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "piccolo/sim/simulation.hpp"

namespace piccolo::zoo {

enum class Health : std::uint8_t { alive, suspect, dead };

// Of two beliefs about one member the greater one is newer: a member denies its death by raising
// its incarnation, and nobody else raises it.
struct Belief {
  std::uint32_t incarnation = 0;
  Health health = Health::alive;
  auto operator<=>(const Belief&) const = default;
};

class Beliefs final : public Observer {
 public:
  explicit Beliefs(std::size_t members);

  // ---- told by members ----
  void believes(std::size_t who, std::size_t about, const Belief& belief);
  void pinged(std::size_t who, std::size_t about);

  // ---- asked by invariants ----
  Health of(std::size_t who, std::size_t about) const { return rows_[who][about].health; }
  bool runs(std::size_t who) const { return runs_[who]; }
  // Empty, or who goes on believing in the life of a dead member.
  const std::string& overlooked() const noexcept { return overlooked_; }

  void process_started(ProcessId process) override;
  void process_ended(ProcessId process, bool killed) override;

 private:
  struct Entry {
    Health health = Health::alive;
    std::uint32_t incarnation = 0;
    std::uint32_t pings_in_vain = 0;  // since its death, or since there was news of it
  };
  std::vector<std::vector<Entry>> rows_;
  std::vector<bool> runs_;
  std::string overlooked_;
};

}  // namespace piccolo::zoo
