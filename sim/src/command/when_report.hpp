#pragma once

// What `when` found, for people and for programs.

#include <string>
#include <vector>

#include "piccolo/sim/decision.hpp"
#include "report.hpp"

namespace piccolo::sim {

// A line of the run's story.
struct StoryLine {
  Duration at{0};
  std::string text;
};

struct WhenReport {
  CampaignHead head;
  Decision decision;
  std::vector<StoryLine> story;  // of the whole run
};

std::string text_of_when(const WhenReport& report);
std::string json_of_when(const WhenReport& report);

// The lines from the step's first moment on, before its last one; all before the start of the run
// for a step from other seeds.
std::vector<StoryLine> lines_within(const std::vector<StoryLine>& story, const DecisionStep& step);

}  // namespace piccolo::sim
