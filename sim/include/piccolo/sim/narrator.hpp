#pragma once

// Tells the story of one run in virtual time, a line per event that a reader cares for:
//     1.204000  n2     Connecting to external node [10.0.0.1:19919]...

#include <functional>
#include <string>
#include <string_view>

#include "piccolo/sim/run_observer.hpp"

namespace piccolo {

class Narrator final : public RunObserver {
 public:
  using Sink = std::function<void(std::string_view line)>;  // without newline
  Narrator(Sink sink, LogLevel level) : sink_(std::move(sink)), level_(level) {}

  LogLevel level() const noexcept override { return level_; }
  void follow(World& world) override { world_ = &world; }
  void note(std::string_view text) override;
  void process_started(ProcessId process) override;
  void process_ended(ProcessId process, bool killed) override;
  void logged(ProcessId process, LogLevel level, std::string_view text) override;

 private:
  void tell(std::string_view who, std::string_view text);

  Sink sink_;
  LogLevel level_;
  World* world_ = nullptr;
};

}  // namespace piccolo
