#pragma once

// Tells the story of one run in virtual time, a line per event that a reader cares for.

#include <utility>

#include "piccolo/sim/narration.hpp"
#include "piccolo/sim/story_lines.hpp"

namespace piccolo {

class Narrator final : public sim::StoryLines, public PacketTap {
 public:
  using Sink = sim::Narration::Sink;
  Narrator(Sink sink, sim::NarrationOptions options);
  Narrator(Sink sink, LogLevel level);

  // Sees the trace of the run as well; before the run, and it outlives it.
  void watch_with(TraceSink& sink) noexcept { sink_ = &sink; }

  void follow(World& world) override;
  void packet(const PacketView& packet) noexcept override;

 private:
  void line(sim::RecordedLine line) override { narration_.tell(world(), line); }

  sim::Narration narration_;
  TraceSink* sink_ = nullptr;
};

}  // namespace piccolo
