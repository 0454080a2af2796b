#include <nlohmann/json.hpp>

#include "page/fill_page.hpp"
#include "page/page_files.hpp"
#include "piccolo/sim/report_page.hpp"

namespace piccolo::sim {

std::string campaign_page(std::string_view report, std::span<const FoundFailure> found,
                          std::span<const std::string> signatures) {
  using Json = nlohmann::ordered_json;
  Json positions = Json::array();
  Json seeds = Json::array();
  Json groups = Json::array();
  for (const FoundFailure& failure : found) {
    positions.push_back(failure.position);
    seeds.push_back(failure.seed);
    groups.push_back(failure.signature);
  }
  const Json json{{"report", Json::parse(report)},
                  {"signatures", signatures},
                  {"found", {{"position", positions}, {"seed", seeds}, {"group", groups}}}};
  return fill_page(embedded_campaign_page(), script_text(json));
}

}  // namespace piccolo::sim
