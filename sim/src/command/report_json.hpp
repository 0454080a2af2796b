#pragma once

// The pieces of JSON that reports and logs share.

#include <nlohmann/json_fwd.hpp>

#include "report.hpp"

namespace piccolo::sim {

nlohmann::ordered_json json_of_head(const CampaignHead& head);
nlohmann::ordered_json json_of_totals(const RunTotals& totals);
nlohmann::ordered_json json_of_failure(const CampaignHead& head, const RunResult& run);
const char* name_of(CampaignEnd end) noexcept;

// The reverse; they throw what nlohmann's library throws when something is not as it was written.
CampaignHead head_in(const nlohmann::ordered_json& json);
RunTotals totals_in(const nlohmann::ordered_json& json);
RunResult failure_in(const nlohmann::ordered_json& json);
CampaignEnd end_in(const nlohmann::ordered_json& json);

}  // namespace piccolo::sim
