#include <nlohmann/json.hpp>

#include "report_json.hpp"
#include "when_report.hpp"

namespace piccolo::sim {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::optional<Duration>& at) { return at ? Json(at->count()) : Json(); }

// `from_ns` is null for other seeds.
Json json_of(const DecisionPoint& point) {
  const ShareBounds bounds = wilson_bounds(point.broke, point.runs);
  return {{"from_ns", json_of(point.at)},
          {"runs", point.runs},
          {"broke", point.broke},
          {"broke_another", point.other},
          {"share_ppm", point.share_ppm()},
          {"share_low_ppm", bounds.low_ppm},
          {"share_high_ppm", bounds.high_ppm}};
}

Json json_of(const DecisionStep& step, const std::vector<StoryLine>& story) {
  Json lines = Json::array();
  for (const StoryLine& line : lines_within(story, step)) lines.push_back(line.text);
  return {{"from_ns", json_of(step.before.at)},
          {"to_ns", json_of(step.after.at)},
          {"share_before_ppm", step.before.share_ppm()},
          {"share_after_ppm", step.after.share_ppm()},
          {"story", lines}};
}

}  // namespace

std::string json_of_when(const WhenReport& report) {
  const Decision& decision = report.decision;
  Json json = json_of_head(report.head);
  json["violation"] = json_of_failure(report.head, decision.run);
  json["points"] = Json::array();
  for (const DecisionPoint& point : decision.points) json["points"].push_back(json_of(point));
  json["decided"] = Json::array();
  for (const DecisionStep& step : decision.steps) {
    json["decided"].push_back(json_of(step, report.story));
  }
  json["end"] = name_of(decision.end);
  // Bytes of a program's message may be no UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace piccolo::sim
