#include "piccolo/sim/narrator.hpp"

namespace piccolo {

Narrator::Narrator(Sink sink, sim::NarrationOptions options)
    : StoryLines(options.level), narration_(std::move(sink), std::move(options)) {}

Narrator::Narrator(Sink sink, LogLevel level)
    : Narrator(std::move(sink), sim::NarrationOptions{.level = level}) {}

void Narrator::follow(World& world) {
  StoryLines::follow(world);
  if (sink_ != nullptr) world.watch_trace(sink_);
  if (narration_.options().detail == sim::StoryDetail::packets) world.tap_packets(this);
}

void Narrator::packet(const PacketView& packet) noexcept { narration_.tell(world(), packet); }

}  // namespace piccolo
