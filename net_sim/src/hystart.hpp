#pragma once

// HyStart: when to leave slow start before it overshoots what the network bears. As in Linux's
// cubic module (hystart_update(); Ha and Rhee, "Taming the elephants: new TCP slow start").

#include <cstdint>

#include "piccolo/core/time.hpp"

namespace piccolo {

class HyStart {
 public:
  // An acknowledgement has come, after a round trip of `sample`; what is sent from now on lies
  // beyond `next`. True once slow start should end.
  bool enough(TimePoint now, Duration sample, std::uint64_t acknowledged,
              std::uint64_t next) noexcept;

 private:
  void begin_round(TimePoint now, std::uint64_t until) noexcept;

  std::uint64_t round_until_ = 0;
  TimePoint round_began_;
  TimePoint last_of_train_;
  Duration least_ = Duration::max();  // round trip of all
  Duration least_of_round_ = Duration::max();
  std::uint32_t samples_ = 0;
};

}  // namespace piccolo
