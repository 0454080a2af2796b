#pragma once

// Hands a run to a debugger at one event of its trace.

#include <csignal>
#include <cstdint>
#include <cstdio>

#include "piccolo/net_sim/trace.hpp"

namespace piccolo::sim {

class Breakpoint final : public TraceSink {
 public:
  explicit Breakpoint(std::uint64_t event) noexcept : event_(event) {}

  // What led to the event is on the stack then.
  void recorded(std::uint64_t number, const TraceEvent& /*event*/) noexcept override {
    last_ = number;
    if (number != event_) return;
    static_cast<void>(std::fflush(stdout));  // or the debugger's user misses the end of the story
    static_cast<void>(std::raise(SIGTRAP));
  }
  bool reached() const noexcept { return last_ >= event_; }
  std::uint64_t last() const noexcept { return last_; }

 private:
  std::uint64_t event_;
  std::uint64_t last_ = 0;
};

}  // namespace piccolo::sim
