#pragma once

// Which kinds of faults a world may use.

#include <bitset>
#include <string>
#include <string_view>

#include "piccolo/core/result.hpp"
#include "piccolo/net_sim/faults.hpp"

namespace piccolo {

class FaultSet {
 public:
  static FaultSet all() noexcept;
  static std::string known();  // "refuse,delay,…": the names of all kinds
  static FaultSet none() noexcept { return FaultSet(); }
  // "none", "refuse,hup", "all", or all but some: "all,-clock-step". The error is one line that
  // names the word that is wrong and the cure.
  static std::expected<FaultSet, std::string> parse(std::string_view text);

  bool has(FaultKind kind) const noexcept { return kinds_[static_cast<std::size_t>(kind)]; }
  void add(FaultKind kind) noexcept { kinds_[static_cast<std::size_t>(kind)] = true; }
  bool empty() const noexcept { return kinds_.none(); }
  // The text that `parse` reads, as short as may be.
  std::string to_string() const;

  bool operator==(const FaultSet&) const noexcept = default;

 private:
  std::bitset<fault_kinds> kinds_;
};

}  // namespace piccolo
