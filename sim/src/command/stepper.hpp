#pragma once

// A run under a person's hand: told line by line, stopped where they ask for it.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "piccolo/sim/narration.hpp"
#include "piccolo/sim/story_lines.hpp"

namespace piccolo::sim {

class Stepper final : public StoryLines, public TraceSink {
 public:
  using Print = std::function<void(std::string_view text)>;  // as it is
  using Ask = std::function<std::optional<std::string>()>;   // a line of input; none at its end

  Stepper(NarrationOptions options, Print print, Ask ask);

  void follow(World& world) override;
  void recorded(std::uint64_t number, const TraceEvent& event) noexcept override;
  // The run was given up at the person's wish.
  bool quit() const noexcept { return stop_at_ == StopAt::quit; }

 private:
  enum class StopAt : std::uint8_t { line, fault, event, time, never, quit };

  void line(RecordedLine line) override;
  void pause(std::uint64_t event);
  bool obey(std::string_view command);  // true when the run is to go on
  bool go_to_event(std::string_view number);
  bool go_to_time(std::string_view time);
  bool show_host(std::string_view name) const;
  void leave();

  Print print_;
  Ask ask_;
  Narration narration_;
  StopAt stop_at_ = StopAt::line;
  std::uint64_t event_ = 0;  // the one that the run has come to
  std::uint64_t target_event_ = 0;
  TimePoint target_time_;
  std::string last_;  // what an empty line repeats
};

}  // namespace piccolo::sim
