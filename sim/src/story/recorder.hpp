#pragma once

// Fills a recording while a run goes on.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "piccolo/sim/recording.hpp"
#include "piccolo/sim/story_lines.hpp"

namespace piccolo::sim {

class Recorder final : public StoryLines, public TraceSink, public PacketTap {
 public:
  // Both must outlive it.
  Recorder(Recording& recording, LogLevel level, const RecordLimits& limits)
      : StoryLines(level), recording_(recording), limits_(limits) {}

  // ---- RunObserver ----
  void follow(World& world) override;
  void planned(const FaultPlan& plan, const FaultScene& scene) override;

  // ---- TraceSink, PacketTap ----
  void recorded(std::uint64_t number, const TraceEvent& event) noexcept override;
  void packet(const PacketView& packet) noexcept override;

 private:
  // What was sent already in one direction of a connection.
  struct Sent {
    bool syn = false;
    std::uint64_t up_to = 0;  // one more with a FIN
  };

  void line(RecordedLine line) override;
  void begin(const PacketView& packet);
  void end(const PacketView& packet);
  bool sent_before(const PacketView& packet);

  Recording& recording_;
  RecordLimits limits_;
  std::uint64_t last_event_ = 0;
  std::unordered_map<std::uint64_t, std::size_t> under_way_;  // packets, by their ids
  std::unordered_map<std::uint64_t, Sent> sent_;              // by direction
};

}  // namespace piccolo::sim
